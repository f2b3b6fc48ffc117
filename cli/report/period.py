"""The period of a report: from a duration such as 7d, or a day, to now."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cli.errors import OperatorError

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` to `until`, both in UTC."""

    since: datetime
    until: datetime

    @property
    def milliseconds(self) -> tuple[int, int]:
        """Both ends in epoch milliseconds, as in timelines."""
        return int(self.since.timestamp() * 1000), int(self.until.timestamp() * 1000)

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%d %H:%M} to {self.until:%Y-%m-%d %H:%M} UTC"


def period(text: str, now: datetime) -> Period:
    """Return the period that `text` means. Raises OperatorError."""
    duration = re.fullmatch(r"(?!0+[mhdw])(\d{1,4})([mhdw])", text)
    if duration:
        return Period(now - timedelta(**{_UNITS[duration[2]]: int(duration[1])}), now)
    try:
        since = datetime.fromisoformat(text)
    except ValueError:
        raise OperatorError(
            f"--since is a duration of at least 1m (45m, 24h, 7d, 4w) or a day (2026-01-31), not {text!r}"
        ) from None
    since = since if since.tzinfo else since.replace(tzinfo=UTC)
    if since >= now:
        raise OperatorError(f"--since {text} is in the future")
    return Period(since.astimezone(UTC), now)
