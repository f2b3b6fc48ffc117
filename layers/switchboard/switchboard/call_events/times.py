"""Parses Exotel's times: whole seconds in Indian time, in three formats; a time in 1970 means "unknown"."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

INDIAN_TIME = timezone(timedelta(hours=5, minutes=30))
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


def milliseconds(written: str) -> int | None:
    """Return the time in epoch milliseconds, or None for an invalid one or Exotel's constants of 1970.

    Accepts `2019-11-23 22:00:37`, `Sat, 23 Nov 2019 22:00:37`, also with `+` for spaces, and ISO 8601. Without a zone
    it is in +05:30 (contract 2.3).
    """
    text = written.strip().strip('"')
    try:
        return _known(_read(text))
    except (ValueError, TypeError, IndexError, OverflowError):  # email.utils documents only some of these
        return None


def _read(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return parsedate_to_datetime(text if " " in text else text.replace("+", " "))


def _known(when: datetime) -> int | None:
    zoned = when if when.tzinfo else when.replace(tzinfo=INDIAN_TIME)
    return int(zoned.timestamp() * 1000) if zoned >= _EARLIEST else None
