"""Ports for the timelines of calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from switchboard.timeline.event import Event, Kind


@dataclass(frozen=True, slots=True)
class Page:
    """The ids of a subscriber's calls, newest first; `cursor` is for the next page, None after the last."""

    calls: Sequence[str]
    cursor: str | None


class TimelineQueue(Protocol):
    """Queues events, so that no request waits until they are stored."""

    def put(self, events: Sequence[Event]) -> None:
        """Queue the events. Raises UnavailableError if that fails."""
        ...


class Timelines(Protocol):
    """Events by call. The ids of one call (CallSid, pushId, session id) are linked and read together."""

    def add(self, events: Sequence[Event]) -> None:
        """Store each event once, and list its call for each party of the event."""
        ...

    def link(self, account: str, call_sid: str, other: str) -> None:
        """Make `other` an id of the call `call_sid`; from then on the call is listed under its CallSid."""
        ...

    def read(self, account: str, call: str) -> Sequence[Event]:
        """Return all events of the call with that id, sorted by time."""
        ...

    def about(self, account: str, kind: Kind, pair: tuple[str, str], since: int, until: int) -> Sequence[Event]:
        """Return a pair's Dial Whom answers, or its pushes without a call; `pair` is caller and callee.

        From `since` to `until` (milliseconds), sorted by time.
        """
        ...

    def calls_of(self, account: str, name: str, limit: int, cursor: str | None = None) -> Page:
        """Return the subscriber's calls, newest first. Raises InvalidFieldError for a cursor that is not ours."""
        ...
