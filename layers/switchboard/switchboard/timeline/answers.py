"""What `GET S/calls` answers."""

from typing import Literal, TypedDict

from switchboard.timeline.outcome import CallOutcome


class ListedCall(TypedDict):
    """A call as the subscriber saw it; null where nothing is known (yet)."""

    id: str
    call_sid: str | None
    push_ids: list[str]
    session_ids: list[str]
    direction: Literal["incoming", "outgoing"]
    other_party: str | None
    other_deleted: bool
    started_at: int | None
    outcome: CallOutcome | None
    ring_seconds: float | None
    talk_seconds: float | None
    rating: int | None


class CallsAnswer(TypedDict):
    """A page of calls."""

    calls: list[ListedCall]
    cursor: str | None
