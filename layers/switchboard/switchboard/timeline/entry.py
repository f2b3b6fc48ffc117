"""What is stored of one message: its events, under one id of a call (docs/decisions/0052)."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from switchboard.timeline.event import Event

MOST_IDS = 16  # different ids in one request, and of one party in one call
MOST_OF_APPS = 200  # events of one party's app about one call


@dataclass(frozen=True, slots=True)
class Entry:
    """Events that arrived together and are stored under the id `call`: a CallSid, a pushId or an SDK session id.

    `told_by` is the subscriber whose app reported them; None for the platform's own.
    """

    account: str
    call: str
    told_by: str | None
    events: Sequence[Event]

    @property
    def at(self) -> int:
        """When the first of the events happened, in milliseconds."""
        return min(event.at for event in self.events)

    @property
    def key(self) -> str:
        """A hash of the events, so that the same message is stored once."""
        return hashlib.sha256("".join(sorted(event.key for event in self.events)).encode()).hexdigest()[:24]


def entries_of(events: Iterable[Event]) -> Sequence[Entry]:
    """Return the entries of a message's events, one for each id and teller."""
    found: dict[tuple[str, str, str | None], dict[str, Event]] = {}
    for event in events:
        told_by = (event.subscriber or "") if event.of_an_app else None
        found.setdefault((event.account, event.call, told_by), {})[event.key] = event
    return [Entry(*where, list(told.values())) for where, told in found.items()]


def named_ids(events: Iterable[Event]) -> Sequence[str]:
    """Return the ids that an app's events bear, each once, in the events' order."""
    named = [value for event in events for value in (event.call, *map(event.details.get, ("push_id", "session_id")))]
    return list(dict.fromkeys(value for value in named if isinstance(value, str) and value))
