"""Subscriber tokens for a session, and its end, without any outside part."""

import pytest

from switchboard.domain.errors import ForbiddenError
from switchboard.domain.login import Phone, Session
from switchboard.domain.subscribers import Device, Platform, TokenType
from tests.benches.vend_token import ALICE, PHONE, Bench


def test_a_reissue_keeps_the_session_and_asks_exotel_anew(bench: Bench) -> None:
    session = Session("the-same", 4242)
    first = bench.vend_token.reissue("demo1m", "alice", session, PHONE)
    second = bench.vend_token.reissue("demo1m", "alice", session, PHONE)
    assert first.session == second.session == session
    assert first.token != second.token


@pytest.mark.parametrize(("account", "name"), [("demo1m", "nobody"), ("unknown1m", "alice")])
def test_a_reissue_for_whom_is_gone_meanwhile_is_refused(bench: Bench, account: str, name: str) -> None:
    with pytest.raises(ForbiddenError):
        bench.vend_token.reissue(account, name, Session("s", 1), PHONE)


def test_a_logout_ends_one_session_and_forgets_the_phone_it_names(bench: Bench) -> None:
    phone, other = Device("token-1", TokenType.FCM, 1), Device("token-2", TokenType.FCM, 1)
    bench.devices.register("demo1m", "alice", phone)
    bench.devices.register("demo1m", "alice", other)
    bench.vend_token.logout("demo1m", "alice", "session-1", 5000, "token-1")
    assert bench.devices.of("demo1m", "alice") == [other]
    assert bench.subscribers.find_session("demo1m", "alice", "session-1") == (ALICE, True)
    assert bench.subscribers.find_session("demo1m", "alice", "session-2") == (ALICE, False)


def test_a_logout_that_names_no_phone_forgets_none(bench: Bench) -> None:
    phone = Device("token-1", TokenType.FCM, 1)
    bench.devices.register("demo1m", "alice", phone)
    bench.vend_token.logout("demo1m", "alice", "session-1", 5000, None)
    assert bench.devices.of("demo1m", "alice") == [phone]


@pytest.mark.parametrize(
    ("device_id", "platform", "expected"),
    [
        ("1A2B3C4D-0000-4F4F-9C9C-ABCDEF012345", None, Platform.IOS),
        ("2fc4b5912826ad1", None, Platform.ANDROID),
        ("2fc4b5912826ad1", Platform.IOS, Platform.IOS),
    ],
)
def test_the_platform_is_guessed_where_the_app_does_not_say(
    device_id: str, platform: Platform | None, expected: Platform
) -> None:
    assert Phone.of(device_id, platform) == Phone(device_id, expected)


def test_credentials_and_tokens_do_not_show_when_a_login_is_printed(bench: Bench) -> None:
    shown = repr(bench.login())
    assert not any(secret in shown for secret in ("key-of", "token-of", "access-", "refresh-", "session of"))
