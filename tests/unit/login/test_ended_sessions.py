"""Subscriber tokens for a session, and its end, without any outside part."""

from dataclasses import replace

import pytest

from switchboard.exotel.tokens import Phone
from switchboard.foundation.errors import ForbiddenError
from switchboard.login.login import Session
from switchboard.subscribers.subscriber import Device, Platform, Subscriber, TokenType
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
    bench.logout("token-1")
    assert bench.devices.of("demo1m", "alice") == [other]
    assert bench.subscribers.find("demo1m", "alice") == replace(ALICE, ended_sessions=(("session-1", 5000),))


def test_a_logout_removes_all_tokens_of_its_phone_and_no_others(bench: Bench) -> None:
    mine = [Device(token, TokenType.FCM, 1, phone="phone-1") for token in ("token-1", "token-2")]
    others = [Device("token-3", TokenType.FCM, 1, phone="phone-2"), Device("token-4", TokenType.FCM, 1)]
    for device in (*mine, *others):
        bench.devices.register("demo1m", "alice", device)
    removed = bench.logout()
    assert bench.devices.of("demo1m", "alice") == others
    assert removed == mine  # which are told if they ring


def test_a_token_that_is_registered_while_its_session_ends_is_removed_too(bench: Bench) -> None:
    late, store = Device("late", TokenType.FCM, 1, phone="phone-1"), bench.subscribers.replace

    def registered_meanwhile(seen: Subscriber | None, subscriber: Subscriber) -> bool:
        bench.devices.register("demo1m", "alice", late)
        return store(seen, subscriber)

    bench.subscribers.replace = registered_meanwhile  # type: ignore[method-assign]
    bench.logout()
    assert bench.devices.of("demo1m", "alice") == []


def test_a_logout_that_breaks_off_can_be_asked_for_again(bench: Bench) -> None:
    bench.devices.register("demo1m", "alice", Device("token-1", TokenType.FCM, 1, phone="phone-1"))
    remove = bench.devices.remove

    def broken(*_: object, **__: object) -> bool:
        raise ConnectionError

    bench.devices.remove = broken  # type: ignore[method-assign]
    with pytest.raises(ConnectionError):
        bench.logout()
    assert bench.subscribers.find("demo1m", "alice") == ALICE
    bench.devices.remove = remove  # type: ignore[method-assign]
    bench.logout()
    assert bench.devices.of("demo1m", "alice") == []


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
