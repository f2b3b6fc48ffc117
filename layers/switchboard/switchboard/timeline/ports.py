"""Ports for the timelines of calls."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from switchboard.timeline.answers import ListedCall
from switchboard.timeline.entry import Entry
from switchboard.timeline.event import Event
from switchboard.timeline.silence import SentPush
from switchboard.timeline.summary import CallSummary


@dataclass(frozen=True, slots=True)
class Page:
    """A subscriber's calls, newest first; `cursor` is for the next page, None after the last."""

    calls: Sequence[ListedCall]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class OpenedCall:
    """A call that the platform knows, for its parties' histories. `id` is the CallSid, or the pushId without one.

    `events` are the platform's and those of the parties' apps. An adapter may add what it needs to list the call.
    """

    account: str
    id: str
    parties: Sequence[str]
    events: Sequence[Event]
    dropped: int  # events of the apps above the limit, which are deleted when the call is listed


class TimelineWriter(Protocol):
    """Writes down events, so that they are found by their call."""

    def put(self, events: Sequence[Event]) -> None:
        """Write the events down, or queue them. Raises UnavailableError if neither succeeds."""
        ...


class Entries(Protocol):
    """Stores entries and the platform's pointers."""

    def put(self, entries: Sequence[Entry]) -> None:
        """Store each entry once. After a failure the whole can be repeated, with the same result."""
        ...

    def point(self, account: str, push_id: str, call_sid: str) -> str:
        """Make the pushId one of the call's, unless it is already one of another; return the CallSid that it has."""
        ...

    def has_push(self, account: str, call_sid: str, push_key: str) -> bool:
        """Return whether the same push has been stored under the call, by the call's first 100 entries."""
        ...


class Timelines(Protocol):
    """Events by call, found by any of its ids: CallSid, pushId, SDK session id."""

    def read(self, account: str, call: str, reader: str | None = None) -> Sequence[Event]:
        """Return the platform's events of the call and those of its parties' apps, sorted by time.

        A session id means the call that `reader` says, or without a reader the one that was said first. Of an id that
        the platform does not know, all apps' events are returned, or only those of the reader's.
        """
        ...

    def calls_of(self, account: str, name: str, limit: int, cursor: str | None = None, since: int = 0) -> Page:
        """Return the subscriber's calls that began at `since` (milliseconds) or later, newest first.

        Raises InvalidFieldError for a cursor that is not ours.
        """
        ...


class SentPushes(Protocol):
    """The pushes of a subscriber's calls."""

    def calls(
        self, account: str, name: str, *, since: int, until: int, most: int, newest: bool = True
    ) -> Sequence[str]:
        """Return the ids of the subscriber's `most` newest calls, or oldest, that began from `since` to `until` (ms).

        Newest first, or oldest first.
        """
        ...

    def of(self, account: str, name: str, call: str) -> Sequence[SentPush]:
        """Return the pushes of a call to the subscriber."""
        ...


class Histories(Protocol):
    """The histories of subscribers, with a summary of each call."""

    def call_of(self, account: str, call: str, told_by: str | None) -> str | None:
        """Return the id of the call in which an entry belongs, as far as known: the entry's id, and its teller."""
        ...

    def open(
        self, account: str, call: str, told_by: Collection[str] | None = None, *, whole: bool = False
    ) -> OpenedCall | None:
        """Return the call with that id or of that pushId, by consistent reads; None if the platform names no party.

        Also None if `told_by` is given and has no party. What the parties' apps say of further ids is stored. Unless
        `whole`, their events may be left out while none of their apps is known to have told anything.
        """
        ...

    def began(self, account: str, call: str) -> int | None:
        """Return when the call with that id began, in milliseconds, by what the platform told; None if by nothing."""
        ...

    def replace(self, entry: Entry, left: Entry | None) -> None:
        """Put what is left of a stored entry in its place; None deletes it. No stream follows this."""
        ...

    def list(self, call: OpenedCall, summary: CallSummary) -> bool:
        """Store the summary, and list the call for its parties under its start, where that changes anything.

        A summary of fewer events replaces none of more. Returns False if the call must be opened whole and listed
        again, because of what an app has told meanwhile. Raises UnavailableError if that would be too many requests.
        """
        ...
