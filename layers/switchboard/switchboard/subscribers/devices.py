"""The rules of device registration: what a push token may look like, and which older devices a new one replaces."""

import re
from collections.abc import Iterable, Sequence

from switchboard.foundation.errors import InvalidFieldError
from switchboard.subscribers.subscriber import Device, Platform, TokenType, guess_platform, guess_token_type

LONGEST_TOKEN = 4096  # characters; FCM documents no limit, and today's tokens have fewer than 300
MOST_DEVICES = 20  # of one subscriber: each call is pushed to all of them
UNREACHABLE = "This is an APNs token, which cannot be reached yet: it is stored, but register the FCM token to ring."
NOT_YET = "There is no push token in deviceToken, so nothing is stored: send it once the push service has given one."
_TOKEN = re.compile(rf"[!-~]{{1,{LONGEST_TOKEN}}}\Z")  # printable ASCII without the space


_NONE = ("", "null", "(null)", "<null>", "nil", "undefined")


def no_token(token: str | None) -> bool:
    """Return whether an app sent this for want of a token, as the stock apps do before the phone has one."""
    return token is None or token.strip().lower() in _NONE


def valid_token(token: str) -> str:
    """Return `token` if it can be a push token, else raise InvalidFieldError, which does not repeat it."""
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
) -> Device:
    """Return the device, with what the app left out guessed from the forms of its token and device id.

    The stock apps send the token alone (contract 4); what an app says of itself is believed. `registered_at` is in
    milliseconds. Raises InvalidFieldError.
    """
    if no_token(token):
        raise InvalidFieldError("invalid_field", "deviceToken holds no push token", field="deviceToken")
    if platform is None and device_id:
        platform = guess_platform(device_id)
    if token_type is None:
        token_type = TokenType.FCM if platform is Platform.ANDROID else guess_token_type(valid_token(token))
    if platform is None and token_type is not TokenType.FCM:
        platform = Platform.IOS
    return Device(valid_token(token), token_type, registered_at, platform=platform, device_id=device_id or None)


def superseded(devices: Iterable[Device], newest: Device) -> Sequence[Device]:
    """Return which of a subscriber's devices must go now that `newest` is registered.

    That is what the same phone registered before under another token of the same kind, and the oldest beyond
    MOST_DEVICES. Of two tokens that a phone registers at once the later stays, whichever of the two asks.
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
