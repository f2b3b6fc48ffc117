"""The rules of device registration: which push tokens are valid, and which older devices a new one replaces."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from switchboard.foundation.errors import InvalidFieldError
from switchboard.subscribers.subscriber import (
    Device,
    Environment,
    Platform,
    TokenType,
    guess_platform,
    is_hex_token,
)

LONGEST_TOKEN = 4096  # characters; FCM documents no limit, and today's tokens have fewer than 300
MOST_DEVICES = 20  # of one subscriber: each call sends a push to all of them
NOT_YET = "deviceToken contains no push token, so nothing is stored. Send it once the push service has issued one."
_TOKEN = re.compile(rf"[!-~]{{1,{LONGEST_TOKEN}}}\Z")  # printable ASCII without the space


_NONE = ("", "null", "(null)", "<null>", "nil", "undefined")


def no_token(token: str | None) -> bool:
    """Return whether the value stands for "no token", as the stock apps send before the phone has one."""
    return token is None or token.strip().lower() in _NONE


def valid_token(token: str) -> str:
    """Return `token` if it can be a push token, else raise InvalidFieldError, which does not quote it."""
    if not _TOKEN.match(token):
        reason = f"deviceToken must be 1 to {LONGEST_TOKEN} printable ASCII characters without spaces"
        raise InvalidFieldError("invalid_field", reason, field="deviceToken")
    return token


def described(
    token: str,
    registered_at: int,
    *,
    platform: Platform | None = None,
    token_type: TokenType | None = None,
    device_id: str | None = None,
    environment: Environment | None = None,
    bundle_id: str | None = None,
    hex_tokens: TokenType = TokenType.APNS_VOIP,
    knows: Iterable[str] = (),
) -> Device:
    """Return the device; fields that the app does not send are derived from the formats of token and device id.

    The stock apps send the token alone (contract 4). What an app does send is not checked. An unnamed hex token is
    taken for one of the kind `hex_tokens`. `registered_at` is in milliseconds. Raises InvalidFieldError.
    """
    if no_token(token):
        raise InvalidFieldError("invalid_field", "deviceToken contains no push token", field="deviceToken")
    if platform is None and device_id:
        platform = guess_platform(device_id)
    is_hex = is_hex_token(valid_token(token))
    guessed = token_type is None and is_hex and platform is not Platform.ANDROID
    if token_type is None:
        token_type = hex_tokens if guessed else TokenType.FCM
    if token_type.is_apns and not is_hex:
        raise InvalidFieldError("invalid_field", "an APNs deviceToken has 64 to 200 hex digits", field="deviceToken")
    if platform is None and token_type.is_apns:
        platform = Platform.IOS
    return Device(
        token,
        token_type,
        registered_at,
        platform=platform,
        device_id=device_id or None,
        environment=environment if token_type.is_apns else None,
        bundle_id=bundle_id if token_type.is_apns else None,
        guessed=guessed,
        knows=frozenset(knows),
    )


def needs_learning(device: Device) -> bool:
    """Return whether only a push can show the token's kind or environment."""
    return device.token_type.is_apns and (device.guessed or device.environment is None)


def with_learned(device: Device, earlier: Iterable[Device]) -> Device:
    """Return the device with what pushes have shown about the same token, so that an app's next start keeps it."""
    for known in earlier:
        if known.key == device.key and known.token_type.is_apns:
            kind = known.token_type if device.guessed and not known.guessed else device.token_type
            environment = device.environment or known.environment
            return replace(device, token_type=kind, environment=environment, guessed=device.guessed and known.guessed)
    return device


def superseded(devices: Iterable[Device], newest: Device) -> Sequence[Device]:
    """Return which of a subscriber's devices to remove after `newest` was registered.

    These are the same phone's earlier tokens of the same type, and the oldest devices beyond MOST_DEVICES. If a phone
    registers two tokens at once, both requests keep the later one.
    """
    others = [device for device in devices if device.key != newest.key]
    others.sort(key=lambda device: device.registered_at, reverse=True)
    replaced = [device for device in others if _earlier_token(device, newest)]
    kept = [device for device in others if device not in replaced]
    return replaced + kept[MOST_DEVICES - 1 :]


def _earlier_token(device: Device, newest: Device) -> bool:
    known = newest.device_id is not None and device.device_id == newest.device_id
    earlier = (device.registered_at, device.key) < (newest.registered_at, newest.key)
    return known and earlier and device.token_type is newest.token_type
