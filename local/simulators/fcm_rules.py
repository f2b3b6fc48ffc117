"""Rules of FCM beyond its schema (Firebase: REST reference of projects.messages, message limits)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from local.simulators.fcm_schema import Violation

MAX_DATA_BYTES = 4096
MAX_TTL_SECONDS = 4 * 7 * 24 * 3600
TARGETS = ("token", "fid", "topic", "condition")
RESERVED_WORDS = ("from", "message_type")
RESERVED_PREFIXES = ("google", "gcm")
DURATION = re.compile(r"(\d+)(\.\d{1,9})?s")


def refusals(message: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield what is wrong with a message that fits the schema."""
    yield from _target(message)
    android = message.get("android", {})
    for field, data in (("message.data", message.get("data", {})), ("message.android.data", android.get("data", {}))):
        yield from _keys(field, data)
        yield from _size(field, data)
    if "ttl" in android:
        yield from _duration("message.android.ttl", android["ttl"])


def _target(message: Mapping[str, Any]) -> Iterator[Violation]:
    targets = [name for name in TARGETS if name in message]
    if len(targets) > 1:
        yield Violation("message", f"oneof field 'target' is already set. Cannot set '{targets[1]}'")
    elif not targets or not message[targets[0]]:
        yield Violation("message", "Recipient of the message is not set.")


def _keys(field: str, data: Mapping[str, str]) -> Iterator[Violation]:
    for key in data:
        if key in RESERVED_WORDS or key.startswith(RESERVED_PREFIXES):
            yield Violation(field, f"Invalid data payload key: {key}")


def _size(field: str, data: Mapping[str, str]) -> Iterator[Violation]:
    """Return the size of data: keys and values, in UTF-8."""
    size = sum(len(key.encode()) + len(value.encode()) for key, value in data.items())
    if size > MAX_DATA_BYTES:
        yield Violation(field, f"The message is too big: {size} bytes, at most {MAX_DATA_BYTES}")


def _duration(field: str, value: str) -> Iterator[Violation]:
    matched = DURATION.fullmatch(value)
    if not matched:
        yield Violation(field, f"Illegal duration format; duration must end with 's': {value}")
    elif int(matched[1]) > MAX_TTL_SECONDS:
        yield Violation(field, "Invalid ttl: at most 4 weeks")
