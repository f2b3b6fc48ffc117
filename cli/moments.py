"""Times for people, from milliseconds: UTC, and India's, by which Exotel's support looks things up."""

from datetime import UTC, datetime, timedelta, timezone

INDIA = timezone(timedelta(hours=5, minutes=30), "IST")


def utc(at: int) -> str:
    """Return a time such as `2026-01-31 18:30:00.250 UTC`."""
    return f"{_written(at, UTC)} UTC"


def ist(at: int) -> str:
    """Return the same time by India's clocks."""
    return f"{_written(at, INDIA)} IST"


def of_day(at: int) -> str:
    """Return the time of day in UTC, with milliseconds."""
    return _written(at, UTC).partition(" ")[2]


def iso(at: int) -> str:
    """Return the time for programs, in UTC."""
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _written(at: int, zone: timezone) -> str:
    return datetime.fromtimestamp(at / 1000, zone).isoformat(" ", "milliseconds").partition("+")[0]
