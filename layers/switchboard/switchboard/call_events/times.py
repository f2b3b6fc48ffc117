"""Times as Exotel writes them: whole seconds of Indian time, in three forms, or a constant of 1970 for "unknown"."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

INDIAN_TIME = timezone(timedelta(hours=5, minutes=30))
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


def milliseconds(written: str) -> int | None:
    """Return when `written` is, in epoch milliseconds; None for no time at all, and for Exotel's constants of 1970.

    Reads `2019-11-23 22:00:37`, `Sat, 23 Nov 2019 22:00:37`, also with `+` for its spaces, and ISO 8601. Without a zone
    it is +05:30 (contract 2.3).
    """
    text = written.strip().strip('"')
    try:
        return _known(_read(text))
    except (ValueError, TypeError, IndexError, OverflowError):  # what email.utils raises is documented in part only
        return None


def _read(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return parsedate_to_datetime(text if " " in text else text.replace("+", " "))


def _known(when: datetime) -> int | None:
    zoned = when if when.tzinfo else when.replace(tzinfo=INDIAN_TIME)
    return int(zoned.timestamp() * 1000) if zoned >= _EARLIEST else None
