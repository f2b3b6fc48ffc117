"""Logins that fail: wrong credentials, guessing, faults of Exotel, a wrong configuration."""

import time

import pytest

from local.simulators.faults import Fault
from switchboard.login.vend_token import UPSTREAM_SECONDS
from tests.fakes.raw_server import hanging, raw_server
from tests.identity_stack import ACCOUNTS, IdentityStack
from tests.patience import in_time


def test_wrong_password_user_and_account_get_the_same_answer(stack: IdentityStack) -> None:
    answers = [
        stack.login(password="wrong"),
        stack.login(user_name="nobody"),
        stack.login(user_name="no one at all, and a long name"),
        stack.login(account_sid="unknown1m"),
    ]
    assert {answer.status for answer in answers} == {403}
    assert len({answer.text for answer in answers}) == 1
    assert answers[0].body["code"] == "wrong_credentials"


def test_who_is_suspended_is_refused(stack: IdentityStack) -> None:
    stack.as_server("PUT", body={"status": "inactive"})
    answer = stack.login()
    assert (answer.status, answer.body["code"]) == (403, "suspended")


def test_the_sixth_guess_is_refused_for_the_rest_of_the_window(stack: IdentityStack) -> None:
    assert [stack.login(password=f"guess-{number}").status for number in range(6)] == [403] * 5 + [429]
    refused = stack.login()
    assert (refused.status, refused.body["code"]) == (429, "too_many_logins")
    assert 1 <= int(refused.headers["Retry-After"]) <= 900
    assert stack.login(source="198.51.100.7").status == 200


def test_a_phone_that_logged_in_before_gets_in_from_an_address_that_is_closed_to_others(stack: IdentityStack) -> None:
    assert stack.login().status == 200
    tried = [stack.login(user_name=f"nobody{number}", device_id=f"made-up-{number}").status for number in range(51)]
    assert tried == [403] * 50 + [429]
    assert stack.login(device_id="made-up").status == 429
    assert stack.login().status == 200


def test_a_phone_that_logged_in_before_has_ten_tries_of_its_own(stack: IdentityStack) -> None:
    assert stack.login().status == 200
    assert [stack.login(password="wrong").status for _ in range(11)] == [403] * 10 + [429]
    assert stack.login(device_id="another").status == 200


def test_a_deleted_user_leaves_no_familiar_phone_behind(stack: IdentityStack) -> None:
    stack.login()
    assert any(item["sk"]["S"] == "seen-origins" for item in stack.items("SubscribersTable"))
    stack.as_server("DELETE")
    assert not stack.items("SubscribersTable")


def test_right_logins_never_count(stack: IdentityStack) -> None:
    assert {stack.login().status for _ in range(12)} == {200}


@pytest.mark.parametrize(
    ("fault", "status", "code", "retry_after"),
    [
        (Fault("exotel", status=400), 502, "exotel_bad_name", None),
        (Fault("exotel", status=401), 502, "exotel_credentials", None),
        (Fault("exotel", status=403), 502, "exotel_voip_disabled", None),
        (Fault("exotel", status=429, retry_after=17), 503, "exotel_rate_limited", "17"),
        (Fault("exotel", status=500), 502, "exotel_unavailable", "5"),
        (Fault("exotel", status=503), 502, "exotel_unavailable", "5"),
        (Fault("exotel", status=404, times=3), 502, "exotel_bad_answer", None),
    ],
)
def test_an_exotel_that_refuses_is_named_as_the_cause(
    stack: IdentityStack, fault: Fault, status: int, code: str, retry_after: str | None
) -> None:
    stack.simulators.faults.add(fault)
    answer = stack.login()
    assert (answer.status, answer.body["code"]) == (status, code)
    assert answer.headers.get("Retry-After") == retry_after
    assert not any(secret in answer.text for pair in ACCOUNTS.values() for secret in pair)


def test_wrong_api_credentials_are_named_as_the_cause(stack: IdentityStack) -> None:
    stack.reconfigure(stack.secret(stack.simulators.exotel_url, api_token="wrong"))
    assert stack.login().body["code"] == "exotel_credentials"


def test_an_exotel_that_hangs_is_dropped_within_eight_seconds(stack: IdentityStack) -> None:
    with raw_server(hanging) as silent:
        stack.reconfigure(stack.secret(silent.url))
        began = time.monotonic()
        answer = stack.login()
        took = time.monotonic() - began
    assert (answer.status, answer.body["code"]) == (504, "exotel_timeout")
    assert took > UPSTREAM_SECONDS - 0.5
    assert UPSTREAM_SECONDS + 1 < 8
    assert in_time(took, UPSTREAM_SECONDS + 1)


def test_a_deployment_without_accounts_says_what_to_run(stack: IdentityStack) -> None:
    stack.reconfigure({})
    answer = stack.login()
    assert (answer.status, answer.body["code"]) == (503, "not_configured")
    assert "switchboard setup" in answer.body["message"]
