"""Login by name and password, without any outside part."""

from dataclasses import replace

import pytest

from switchboard.foundation.errors import ForbiddenError, NotConfiguredError, UpstreamError
from switchboard.login.login import Session
from switchboard.rate_limits.limits import Attempt
from switchboard.subscribers.subscriber import Status, Subscriber
from tests.benches.vend_token import ALICE, PHONE, Bench

WHO = Attempt("demo1m", "alice", PHONE.device_id, "203.0.113.7")


def test_a_login_gets_a_token_for_its_own_phone_and_a_session(bench: Bench) -> None:
    bench.exotel.create(bench.login().account, "alice", bench.vend_token._deadline())
    login = bench.login()
    assert bench.exotel.calls[-1] == "token alice 2fc4b5912826ad1 android"
    assert login.subscriber == ALICE
    assert login.session == Session("session of alice v1", 90_000)
    assert login.token.access_expires_at == 2800


def test_each_login_asks_exotel_anew(bench: Bench) -> None:
    assert bench.login().token != bench.login().token


def test_a_subscriber_whom_exotel_does_not_know_is_created_on_the_way(bench: Bench) -> None:
    bench.login()
    assert [call.split()[0] for call in bench.exotel.calls] == ["token", "create", "token"]
    bench.login()
    assert bench.exotel.calls.count("create alice") == 1


def test_an_exotel_that_loses_a_created_subscriber_is_asked_twice_at_most(bench: Bench) -> None:
    bench.exotel.forgetful = True
    assert bench.refusal().code == "exotel_unknown_subscriber"
    assert len(bench.exotel.calls) == 3


@pytest.mark.parametrize(
    ("name", "password", "account"),
    [
        ("alice", "wrong", "demo1m"),
        ("nobody", "switchboard", "demo1m"),
        ("no one#at all", "switchboard", "demo1m"),
        ("alice", "switchboard", "unknown1m"),
    ],
)
def test_wrong_password_user_and_account_are_refused_alike_after_the_same_work(
    bench: Bench, name: str, password: str, account: str
) -> None:
    bench.subscribers.put(replace(ALICE, account="unknown1m"))
    refusal = bench.refusal(name, password, account)
    assert isinstance(refusal, ForbiddenError)
    assert (refusal.code, refusal.message) == ("wrong_credentials", "wrong account, user name or password")
    assert bench.passwords.checked == 1
    assert bench.exotel.calls == []


def test_who_has_no_password_cannot_log_in_with_one(bench: Bench) -> None:
    bench.subscribers.put(replace(ALICE, password_hash=None))
    assert bench.refusal().code == "wrong_credentials"
    assert bench.passwords.checked == 1


def test_a_suspension_is_shown_only_after_the_right_password(bench: Bench) -> None:
    bench.subscribers.put(replace(ALICE, status=Status.INACTIVE))
    assert bench.refusal().code == "suspended"
    assert bench.refusal(password="wrong").code == "wrong_credentials"
    assert bench.exotel.calls == []


def test_too_many_failures_close_the_login_to_the_right_password_too(bench: Bench) -> None:
    for _ in range(5):
        bench.refusal(password="wrong")
    checked = bench.passwords.checked
    assert bench.refusal().code == "too_many_logins"
    assert bench.passwords.checked == checked


def test_without_a_key_for_its_session_a_login_asks_exotel_for_nothing(bench: Bench) -> None:
    class NoKey:
        def issue(self, subscriber: Subscriber, device_id: str) -> tuple[str, int]:
            raise NotConfiguredError("not_configured", "no key")

    with pytest.raises(NotConfiguredError):
        replace(bench.vend_token, sessions=NoKey()).by_password(WHO, "switchboard", PHONE)
    assert bench.exotel.calls == []


def test_a_fault_of_exotel_goes_up_untouched(bench: Bench) -> None:
    bench.exotel.fault = UpstreamError("exotel_credentials", "check the API key")
    assert bench.refusal() is bench.exotel.fault
