"""Values from outside, made small and plain enough to keep: any store takes them, none fills it."""

from switchboard.foundation.redaction import redacted
from switchboard.timeline.event import Detail

LONGEST_TEXT = 500  # characters
_LARGEST = 1e15  # what JSON's numbers hold exactly


def clean(text: str, longest: int = LONGEST_TEXT) -> str:
    """Return the text's beginning; halves of characters, which JSON can hold but no store, are replaced."""
    return text[:longest].encode("utf-8", "replace").decode()


def plain(value: object) -> Detail:
    """Return a text, without what looks like a credential, number or truth within bounds; None for all else."""
    if isinstance(value, str):
        return clean(redacted(value[: 2 * LONGEST_TEXT]))
    if isinstance(value, bool):
        return value
    return _bounded(value) if isinstance(value, int | float) else None


def number(value: object) -> float | None:
    """Return a number, also from text; None for what is none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return _bounded(float(value))
    except (ValueError, OverflowError):
        return None


def word(value: object) -> str | None:
    """Return a text in lower case; None for what is none."""
    return clean(value.strip().lower(), 60) if isinstance(value, str) else None


def _bounded[N: (int, float)](value: N) -> N | None:
    return value if abs(value) <= _LARGEST else None  # NaN is not
