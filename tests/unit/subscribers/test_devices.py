"""Which tokens are accepted, what is derived of a device, and which older devices a new one replaces."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from switchboard.foundation.errors import InvalidFieldError
from switchboard.subscribers.devices import (
    LONGEST_TOKEN,
    MOST_DEVICES,
    described,
    superseded,
    valid_token,
    with_learned,
)
from switchboard.subscribers.subscriber import Device, Environment, Platform, TokenType, phone_key

APNS = "0123456789abcdef" * 4
UUID = "1A2B3C4D-0000-4F4F-9C9C-ABCDEF012345"


@pytest.mark.parametrize("token", ["fcm-token", "x", "dK3:APA91b_-", "t" * LONGEST_TOKEN])
def test_a_token_of_printable_characters_is_taken_as_it_is(token: str) -> None:
    assert valid_token(token) == token


@pytest.mark.parametrize(
    "token", ["", " ", "two words", "line\n", "\ttab", "zero\0", "pünktchen", "t" * (LONGEST_TOKEN + 1)]
)
def test_anything_else_is_refused_without_being_repeated(token: str) -> None:
    with pytest.raises(InvalidFieldError) as refusal:
        valid_token(token)
    assert refusal.value.field == "deviceToken"
    assert not token.strip() or token not in refusal.value.message


def test_the_stock_apps_token_alone_is_an_fcm_token_of_an_unknown_platform() -> None:
    device = described("fcm-token", 5)
    assert (device.token_type, device.platform, device.device_id, device.registered_at) == (
        TokenType.FCM,
        None,
        None,
        5,
    )


@pytest.mark.parametrize("kind", [TokenType.APNS_VOIP, TokenType.APNS])
def test_a_hex_token_is_an_apns_token_of_an_iphone_of_the_kind_that_the_operator_expects(kind: TokenType) -> None:
    device = described(APNS, 5, hex_tokens=kind)
    assert (device.token_type, device.platform, device.guessed) == (kind, Platform.IOS, True)


def test_the_kind_that_the_app_names_is_no_guess() -> None:
    device = described(APNS, 5, token_type=TokenType.APNS)
    assert (device.token_type, device.guessed) == (TokenType.APNS, False)


@pytest.mark.parametrize("kind", [TokenType.APNS, TokenType.APNS_VOIP])
def test_an_apns_token_that_is_not_hex_is_refused(kind: TokenType) -> None:
    with pytest.raises(InvalidFieldError):
        described("../../3/device", 5, token_type=kind)


def test_what_a_push_has_shown_about_a_token_outlives_the_apps_next_start() -> None:
    shown = Device(APNS, TokenType.APNS, 5, environment=Environment.SANDBOX)
    again = described(APNS, 9)

    known = with_learned(again, [shown])

    assert (known.token_type, known.environment, known.guessed) == (TokenType.APNS, Environment.SANDBOX, False)
    assert known.registered_at == 9
    assert with_learned(again, [Device("cd" * 32, TokenType.APNS, 5)]) == again


def test_what_the_app_names_wins_over_what_was_shown() -> None:
    shown = Device(APNS, TokenType.APNS, 5, environment=Environment.SANDBOX)
    named = described(APNS, 9, token_type=TokenType.APNS_VOIP, environment=Environment.PRODUCTION)

    assert with_learned(named, [shown]) == named


@pytest.mark.parametrize(("device_id", "platform"), [(UUID, Platform.IOS), ("2fc4b5912826ad1", Platform.ANDROID)])
def test_the_platform_is_told_from_the_device_id(device_id: str, platform: Platform) -> None:
    assert described("fcm-token", 5, device_id=device_id).platform is platform


def test_what_the_app_says_wins_over_every_guess() -> None:
    device = described(APNS, 5, platform=Platform.ANDROID, device_id=UUID)
    assert (device.token_type, device.platform) == (TokenType.FCM, Platform.ANDROID)
    assert described(APNS, 5, token_type=TokenType.APNS_VOIP).token_type is TokenType.APNS_VOIP
    assert described(APNS, 5, token_type=TokenType.FCM).platform is None


def test_an_empty_device_id_counts_as_absent() -> None:
    assert described("fcm-token", 5, device_id="").device_id is None


def phone(token: str, registered_at: int, device_id: str | None = None, kind: TokenType = TokenType.FCM) -> Device:
    return Device(token, kind, registered_at, device_id=device_id)


def test_a_phones_new_token_replaces_its_old_one_of_the_same_kind_only() -> None:
    old, voip, other = phone("a", 1, "p"), phone("b", 1, "p", TokenType.APNS_VOIP), phone("c", 1, "q")
    newest = phone("d", 2, "p")
    assert superseded([old, voip, other, newest], newest) == [old]


@pytest.mark.parametrize("times", [(1, 2), (2, 1), (1, 1)])
def test_of_two_tokens_that_a_phone_registers_at_once_one_stays(times: tuple[int, int]) -> None:
    one, two = phone("a", times[0], "p"), phone("b", times[1], "p")
    gone = [*superseded([one, two], one), *superseded([one, two], two)]
    assert len(gone) == 1
    assert gone[0].registered_at == min(times)


def test_phones_without_an_id_do_not_replace_each_other() -> None:
    newest = phone("b", 2)
    assert superseded([phone("a", 1), newest], newest) == []


@given(some.lists(some.integers(0, 100), max_size=2 * MOST_DEVICES))
def test_the_newest_stays_and_the_oldest_beyond_the_limit_go(times: list[int]) -> None:
    devices = [phone(f"token-{number}", time) for number, time in enumerate(times)]
    newest = phone("newest", 50)
    gone = superseded([*devices, newest], newest)
    kept = [device for device in [*devices, newest] if device not in gone]
    assert newest in kept
    assert len(kept) == min(len(devices) + 1, MOST_DEVICES)
    others = [device.registered_at for device in kept if device is not newest]
    assert not gone or max(device.registered_at for device in gone) <= min(others)


def test_a_phones_id_is_the_same_in_every_version_since_it_stands_in_sessions_and_stored_devices() -> None:
    assert phone_key("demo1m", "alice", "2fc4b5912826ad1") == "1819c5d342f5fba86ddd67ca9207dd66"
    assert phone_key("demo1m", "alic", "e2fc4b5912826ad1") != "1819c5d342f5fba86ddd67ca9207dd66"
