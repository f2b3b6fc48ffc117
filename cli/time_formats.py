"""Times as text, from epoch milliseconds: in the reader's zone, and in India's, which Exotel's support uses.

`zone` is None for the zone of this machine (TZ). Each time names its zone.
"""

from datetime import UTC, datetime, timedelta, timezone, tzinfo

INDIA = timezone(timedelta(hours=5, minutes=30), "IST")


def here(at: int, zone: tzinfo | None = None) -> str:
    """Return a time such as `2026-01-31 18:30:00.250 CET`."""
    return f"{_written(at, zone)} {zone_of(at, zone)}"


def utc(at: int) -> str:
    """Return the time in UTC."""
    return here(at, UTC)


def ist(at: int) -> str:
    """Return the time in India's zone."""
    return here(at, INDIA)


def of_day(at: int, zone: tzinfo | None = None) -> str:
    """Return the time of day, with milliseconds and without its zone."""
    return _written(at, zone).partition(" ")[2]


def zone_of(at: int, zone: tzinfo | None = None) -> str:
    """Return the name of the zone, which may differ in summer."""
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(zone).tzname() or ""


def iso(at: int) -> str:
    """Return the time in ISO 8601, in UTC."""
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _written(at: int, zone: tzinfo | None) -> str:
    shown = datetime.fromtimestamp(at / 1000, UTC).astimezone(zone).replace(tzinfo=None)
    return shown.isoformat(" ", "milliseconds")
