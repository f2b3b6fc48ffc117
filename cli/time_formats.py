"""Times for people, from milliseconds: the reader's, and India's, by which Exotel's support looks things up.

`zone` is None for the zone of the machine on which the command runs (TZ). Each time names its zone.
"""

from datetime import UTC, datetime, timedelta, timezone, tzinfo

INDIA = timezone(timedelta(hours=5, minutes=30), "IST")


def here(at: int, zone: tzinfo | None = None) -> str:
    """Return a time such as `2026-01-31 18:30:00.250 CET`."""
    return f"{_written(at, zone)} {zone_of(at, zone)}"


def utc(at: int) -> str:
    """Return the same time by UTC."""
    return here(at, UTC)


def ist(at: int) -> str:
    """Return the same time by India's clocks."""
    return here(at, INDIA)


def of_day(at: int, zone: tzinfo | None = None) -> str:
    """Return the time of day, with milliseconds and without its zone."""
    return _written(at, zone).partition(" ")[2]


def zone_of(at: int, zone: tzinfo | None = None) -> str:
    """Return the name of the zone, which is another in summer."""
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(zone).tzname() or ""


def iso(at: int) -> str:
    """Return the time for programs, in UTC."""
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _written(at: int, zone: tzinfo | None) -> str:
    shown = datetime.fromtimestamp(at / 1000, UTC).astimezone(zone).replace(tzinfo=None)
    return shown.isoformat(" ", "milliseconds")
