"""Accept a call event from Exotel and write it down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from switchboard.call_events.events import event_of
from switchboard.timeline.event import Event

if TYPE_CHECKING:
    from switchboard.foundation.clock import Clock
    from switchboard.timeline.ports import TimelineWriter


@dataclass(frozen=True, slots=True)
class AcceptCallEvent:
    """Parses an event and writes it down, whether its call is known or not."""

    writer: TimelineWriter
    clock: Clock

    def __call__(self, account: str, fields: Mapping[str, object]) -> Event:
        """Return the event after it is stored or queued. Raises InvalidFieldError, UnavailableError."""
        event = event_of(account, fields, int(self.clock() * 1000))
        self.writer.put([event])
        return event
