"""Limits values from outside in size and type, so that they can be stored."""

from switchboard.foundation.redaction import redacted
from switchboard.timeline.event import Detail

LONGEST_TEXT = 500  # characters
_LARGEST = 1e15  # JSON numbers are exact up to here


def clean(text: str, longest: int = LONGEST_TEXT) -> str:
    """Return the first `longest` characters, with lone surrogates replaced: JSON can contain them, DynamoDB cannot."""
    return text[:longest].encode("utf-8", "replace").decode()


def plain(value: object) -> Detail:
    """Return a text without likely credentials, a number or a bool, within limits; None for any other type."""
    if isinstance(value, str):
        return clean(redacted(value[: 2 * LONGEST_TEXT]))
    if isinstance(value, bool):
        return value
    return _bounded(value) if isinstance(value, int | float) else None


def number(value: object) -> float | None:
    """Return a number, also one written as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return _bounded(float(value))
    except (ValueError, OverflowError):
        return None


def word(value: object) -> str | None:
    """Return a text in lower case; None for any other type."""
    return clean(value.strip().lower(), 60) if isinstance(value, str) else None


def _bounded[N: (int, float)](value: N) -> N | None:
    return value if abs(value) <= _LARGEST else None  # None for NaN as well
