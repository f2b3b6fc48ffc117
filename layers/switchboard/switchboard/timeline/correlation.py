"""Which call a push was for: it names none, so time, caller and callee must tell (docs/decisions/0036)."""

from collections.abc import Sequence
from dataclasses import dataclass

from switchboard.timeline.event import Event, Kind
from switchboard.timeline.summary import Correlation

LATER_MS = 2_000  # by which our clocks may make Dial Whom later than the push that followed it
LAG_MS = 10_000  # that the table's stream may be behind
NEAR_MS = 5_000  # within which Exotel sends the push after Dial Whom's answer; a redial takes longer


@dataclass(frozen=True, slots=True)
class Candidate:
    """A call that Dial Whom answered (`at`) with a push's two parties, and the pushes that are joined to it by now."""

    call: str
    at: int
    pushes: Sequence[Event]


def call_of(push: Event, candidates: Sequence[Candidate], waited_ms: float, ring_ms: int) -> str | Correlation | None:
    """Return the push's CallSid, or why it has none, or None while what decides may still come to be known.

    A call that has its push is no candidate for another one, but for the same sent again.
    """
    for candidate in candidates:
        if any(_same(push, other) for other in candidate.pushes):
            return candidate.call
    over = waited_ms >= ring_ms + LAG_MS  # or events were held up for as long: then only what is near is sure
    waiting = [candidate for candidate in candidates if not candidate.pushes]
    if len(waiting) == 1 and (_near(push, waiting[0]) or (waited_ms >= LAG_MS and not over)):
        return waiting[0].call
    if not over:
        return None
    if len(candidates) == 1 and _near(push, candidates[0]):
        return candidates[0].call  # Exotel sent another push for it
    return Correlation.AMBIGUOUS if len(candidates) > 1 else Correlation.UNMATCHED


def answered_at(dialled: Event) -> int:
    """Return when Dial Whom answered: it may have waited for the call's context."""
    waited = dialled.details.get("waited_ms")
    return dialled.at + (waited if isinstance(waited, int) else 0)


def mark(push: Event, correlation: Correlation) -> Event:
    """Return the event that the push's call was not found, the same however often it is told."""
    details = {"push_id": push.call, "correlation": correlation}
    return Event(push.account, push.call, Kind.PUSH_CORRELATION, push.at + 1, push.subscriber, details)


def pair_of(event: Event) -> tuple[str, str] | None:
    """Return caller and callee of Dial Whom's answer or of a push, if it names both."""
    caller = event.details.get("caller")
    callee = event.subscriber if event.kind is Kind.PUSH_ACCEPTED else event.details.get("callee")
    return (caller, callee) if isinstance(caller, str) and isinstance(callee, str) else None


def _same(push: Event, other: Event) -> bool:
    return push.details.get("push_key") is not None and push.details["push_key"] == other.details.get("push_key")


def _near(push: Event, candidate: Candidate) -> bool:
    return candidate.at >= push.at - NEAR_MS
