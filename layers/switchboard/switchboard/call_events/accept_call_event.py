"""Accept a call event from Exotel and queue it; storing it later keeps the response fast."""

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
    """Parses an event and queues it, whether its call is known or not."""

    queue: TimelineQueue
    clock: Clock

    def __call__(self, account: str, fields: Mapping[str, object]) -> Event:
        """Return the event after it is queued. Raises InvalidFieldError, UnavailableError."""
        event = event_of(account, fields, int(self.clock() * 1000))
        self.queue.put([event])
        return event
