"""What became of each call, and who reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from switchboard.timeline.event import Event, Kind


@dataclass(frozen=True, slots=True)
class Page:
    """The ids of a subscriber's calls, newest first; `cursor` asks for the next ones, None after the last."""

    calls: Sequence[str]
    cursor: str | None


class TimelineQueue(Protocol):
    """Where events wait to be written down, so that nobody waits for the writing."""

    def put(self, events: Sequence[Event]) -> None:
        """Queue the events. Raises UnavailableError when the queue did not take them."""
        ...


class Timelines(Protocol):
    """Events by call. Ids that mean the same call (CallSid, pushId, session) are linked, and read as one."""

    def add(self, events: Sequence[Event]) -> None:
        """Keep each event once, and list the call for each party that the event names."""
        ...

    def link(self, account: str, call_sid: str, other: str) -> None:
        """Say that `other` means the call `call_sid`; the call is listed under its CallSid from then on."""
        ...

    def read(self, account: str, call: str) -> Sequence[Event]:
        """Return all events of the call that any of its ids means, in the order in which they happened."""
        ...

    def about(self, account: str, kind: Kind, pair: tuple[str, str], since: int, until: int) -> Sequence[Event]:
        """Return what Dial Whom answered, or the pushes that came and joined no call, about a caller and a callee.

        Of that time (milliseconds), in the order in which it happened.
        """
        ...

    def calls_of(self, account: str, name: str, limit: int, cursor: str | None = None) -> Page:
        """Return the subscriber's calls, newest first. Raises InvalidFieldError for a cursor that is not ours."""
        ...
