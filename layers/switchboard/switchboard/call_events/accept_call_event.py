"""Take what Exotel tells of a call, and leave the writing down to others: Exotel, or a caller, is waiting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from switchboard.call_events.events import event_of
from switchboard.timeline.event import Event

if TYPE_CHECKING:
    from switchboard.foundation.clock import Clock
    from switchboard.timeline.ports import TimelineQueue


@dataclass(frozen=True, slots=True)
class AcceptCallEvent:
    """Reads an event and queues it; whether we know the call is for its timeline to find out."""

    queue: TimelineQueue
    clock: Clock

    def __call__(self, account: str, fields: Mapping[str, object]) -> Event:
        """Return the event once the queue has it. Raises InvalidFieldError, UnavailableError."""
        event = event_of(account, fields, int(self.clock() * 1000))
        self.queue.put([event])
        return event
