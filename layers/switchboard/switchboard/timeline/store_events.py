"""Store events that waited in the queue, or that the stream of CallContexts told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from switchboard.timeline.entry import entries_of
from switchboard.timeline.event import OF_PUSHES, Event, Kind
from switchboard.timeline.join_push import JoinPush
from switchboard.timeline.ports import Entries


@dataclass(frozen=True, slots=True)
class StoreEvents:
    """Stores events under the ids that they bear, and those of a push under its call."""

    entries: Entries
    join_push: JoinPush

    def __call__(self, events: Sequence[Event]) -> None:
        """Store the events. Errors of the stores are raised; the whole can then be repeated, with the same result."""
        pushes = by_push(events)
        for push in pushes:
            self.join_push(push)
        joined = {event.key for push in pushes for event in push}
        self.entries.put(entries_of(event for event in events if event.key not in joined))


def by_push(events: Iterable[Event]) -> Sequence[Sequence[Event]]:
    """Return the events of each push that is told to be accepted."""
    found: dict[tuple[str, str], list[Event]] = {}
    for event in events:
        if event.kind in OF_PUSHES:
            found.setdefault((event.account, event.call), []).append(event)
    return [push for push in found.values() if any(event.kind is Kind.PUSH_ACCEPTED for event in push)]
