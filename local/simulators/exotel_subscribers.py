"""The subscribers of the simulated Exotel, by account."""

import re
import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

# "maximum 16 bytes", alphanumeric, no spaces (Subscriber API).
NAME = re.compile(r"[A-Za-z0-9]{1,16}")
STATUSES = ("active", "inactive")
INDIA = timezone(timedelta(hours=5, minutes=30))


class DuplicateSubscriberError(Exception):
    """The name exists in this account."""


@dataclass(frozen=True)
class Subscriber:
    """A subscriber object as Exotel keeps it; dates are ISO 8601 with +05:30."""

    name: str
    custom_field: str | None
    status: str
    created: str
    updated: str

    def as_json(self) -> dict[str, Any]:
        """The subscriber as the Subscriber API shows it."""
        return {
            "subscriber_name": self.name,
            "status": self.status,
            "custom_field": self.custom_field,
            "date_created": self.created,
            "date_updated": self.updated,
        }


class Subscribers:
    """A store of subscribers. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str], Subscriber] = {}

    def create(self, account: str, name: str, custom_field: str | None) -> Subscriber:
        """Add an active subscriber; raises DuplicateSubscriberError."""
        now = _now()
        with self._lock:
            if (account, name) in self._kept:
                raise DuplicateSubscriberError(name)
            self._kept[account, name] = created = Subscriber(name, custom_field, "active", now, now)
            return created

    def get(self, account: str, name: str) -> Subscriber | None:
        """The subscriber of that exact name, or None."""
        return self._kept.get((account, name))

    def change(self, account: str, name: str, **changes: str) -> Subscriber | None:
        """Set fields of a subscriber and return it; None if there is none."""
        with self._lock:
            if (account, name) not in self._kept:
                return None
            changed = replace(self._kept[account, name], updated=_now(), **changes)
            self._kept[account, name] = changed
            return changed

    def delete(self, account: str, name: str) -> bool:
        """Remove a subscriber; False if there was none."""
        with self._lock:
            return self._kept.pop((account, name), None) is not None

    def everyone(self) -> list[tuple[str, Subscriber]]:
        """All subscribers, each with the account's sid."""
        with self._lock:
            return [(account, known) for (account, _), known in sorted(self._kept.items())]

    def restore(self, account: str, known: Subscriber) -> None:
        """Add a subscriber as it was."""
        with self._lock:
            self._kept[account, known.name] = known

    def listed(self, account: str, status: str | None = None) -> list[Subscriber]:
        """The account's subscribers by name; only those of `status`, if given."""
        with self._lock:
            owned = [kept for (owner, _), kept in sorted(self._kept.items()) if owner == account]
        return [kept for kept in owned if status in (None, kept.status)]


def _now() -> str:
    return datetime.now(UTC).astimezone(INDIA).isoformat(timespec="seconds")
