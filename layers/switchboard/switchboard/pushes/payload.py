"""Validates Exotel's push: a subscriber's name, a compact JWT and its version, within FCM's size limit."""

import base64
import binascii
import json
import re
from collections.abc import Mapping

from switchboard.foundation.caller_ids import name_in
from switchboard.foundation.errors import InvalidFieldError, TooLargeError
from switchboard.pushes.push import Push, push_key
from switchboard.subscribers.subscriber import valid_name

LARGEST_DATA = 4096  # bytes, keys included; FCM's limit for a message's data
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")  # JSON can escape a lone surrogate
_PART = re.compile(r"[A-Za-z0-9_-]+\Z")


def push_of(account: str, fields: Mapping[str, str], chance: str, accepted_at: int) -> Push:
    """Return the push in `fields`, unchanged byte for byte, with an id that ends in `chance`.

    `accepted_at` is in milliseconds.

    Raises InvalidFieldError for a missing or malformed field, TooLargeError for a push above FCM's size limit.
    """
    name = valid_name(_present(fields, "subscriberName"), field="subscriberName")
    payload = _present(fields, "payload")
    push = Push(
        account=account,
        subscriber_name=name,
        payload=payload,
        payload_version=_present(fields, "payloadVersion"),
        push_id=push_key(account, name, payload) + chance,
        accepted_at=accepted_at,
    )
    _check_size(push)  # before the JWT is decoded
    _check_jwt(push.payload)
    return push


def caller_in(payload: str) -> str | None:
    """Return the caller in a push's payload, or None; the signature is not verified."""
    caller = claims_in(payload).get("callerId")
    return (name_in(caller) or None) if isinstance(caller, str) else None


def claims_in(payload: str) -> Mapping[str, object]:
    """Return the claims of a payload, {} for one that has none; the signature is not verified."""
    try:
        claims = _claims(payload.split(".")[1])
    except (IndexError, ValueError, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}


def _present(fields: Mapping[str, str], name: str) -> str:
    value = fields.get(name)
    if not value:
        raise InvalidFieldError("missing_field", f"{name} is missing or empty", field=name)
    if _LONE_SURROGATE.search(value):
        raise InvalidFieldError("invalid_field", f"{name} contains a lone surrogate: send valid Unicode", field=name)
    return value


def size_of(data: Mapping[str, str]) -> int:
    """Return the bytes that FCM counts: those of keys and values."""
    return sum(len(key.encode()) + len(value.encode()) for key, value in data.items())


def _check_size(push: Push) -> None:
    """Check Exotel's part alone: no push is refused for what we would add."""
    size = size_of(push.exotels())
    if size > LARGEST_DATA:
        raise TooLargeError(
            "push_too_large", f"the push has {size} bytes of data; FCM accepts {LARGEST_DATA}", field="payload"
        )


def _check_jwt(payload: str) -> None:
    """Check the format only; the SDK verifies the signature. Without dots, the payload would crash the iOS app."""
    parts = payload.split(".")
    if len(parts) != 3 or not all(map(_PART.match, parts)) or not all(map(_is_object, parts[:2])):
        raise InvalidFieldError("invalid_payload", "payload must be a JWT in compact form", field="payload")


def _is_object(part: str) -> bool:
    try:
        return isinstance(_claims(part), dict)
    except (binascii.Error, ValueError, RecursionError):
        return False


def _claims(part: str) -> object:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
