"""Finds the call that a push is for, by time, caller and callee: it has no CallSid (docs/decisions/0036)."""

from collections.abc import Sequence
from dataclasses import dataclass

from switchboard.timeline.event import Event, Kind
from switchboard.timeline.summary import Correlation

LATER_MS = 2_000  # clock differences: Dial Whom may seem this much later than the push that followed it
LAG_MS = 10_000  # the maximum lag of the table's stream
NEAR_MS = 5_000  # Exotel sends the push within this time after Dial Whom's answer; a redial takes longer


@dataclass(frozen=True, slots=True)
class Candidate:
    """A call with the push's caller and callee, answered by Dial Whom at `at`; `pushes` are already linked to it."""

    call: str
    at: int
    pushes: Sequence[Event]


def call_of(push: Event, candidates: Sequence[Candidate], waited_ms: float, ring_ms: int) -> str | Correlation | None:
    """Return the push's CallSid, or why it has none, or None while the deciding events may still arrive.

    A call that has a push is no candidate for a different one, only for the same push sent again.
    """
    for candidate in candidates:
        if any(_same(push, other) for other in candidate.pushes):
            return candidate.call
    over = waited_ms >= ring_ms + LAG_MS  # after that, or if events were delayed as long, only a near call is certain
    waiting = [candidate for candidate in candidates if not candidate.pushes]
    if len(waiting) == 1 and (_near(push, waiting[0]) or (waited_ms >= LAG_MS and not over)):
        return waiting[0].call
    if not over:
        return None
    if len(candidates) == 1 and _near(push, candidates[0]):
        return candidates[0].call  # Exotel sent another push for it
    return Correlation.AMBIGUOUS if len(candidates) > 1 else Correlation.UNMATCHED


def answered_at(dialled: Event) -> int:
    """Return when Dial Whom answered (milliseconds): its arrival plus its wait for a context."""
    waited = dialled.details.get("waited_ms")
    return dialled.at + (waited if isinstance(waited, int) else 0)


def mark(push: Event, correlation: Correlation) -> Event:
    """Return the event that no call was found for the push; its key is the same at each repetition."""
    details = {"push_id": push.call, "correlation": correlation}
    return Event(push.account, push.call, Kind.PUSH_CORRELATION, push.at + 1, push.subscriber, details)


def pair_of(event: Event) -> tuple[str, str] | None:
    """Return caller and callee of a Dial Whom answer or of a push, or None if one is missing."""
    caller = event.details.get("caller")
    callee = event.subscriber if event.kind is Kind.PUSH_ACCEPTED else event.details.get("callee")
    return (caller, callee) if isinstance(caller, str) and isinstance(callee, str) else None


def _same(push: Event, other: Event) -> bool:
    return push.details.get("push_key") is not None and push.details["push_key"] == other.details.get("push_key")


def _near(push: Event, candidate: Candidate) -> bool:
    return candidate.at >= push.at - NEAR_MS
