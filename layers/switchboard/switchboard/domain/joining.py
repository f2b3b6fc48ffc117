"""Which call a push was for: it names none, so time, caller and callee must tell."""

from collections.abc import Sequence

from switchboard.domain.call_summary import Join
from switchboard.domain.timeline import Event, Kind

LATER_MS = 2_000  # by which our clocks may make Dial Whom later than the push that followed it
LAG_MS = 10_000  # that the table's stream may be behind


def mark(push: Event, join: Join) -> Event:
    """Return the fact that the push's call was not found, the same however often it is told."""
    details = {"push_id": push.call, "mark": join}
    return Event(push.account, push.call, Kind.PUSH_JOIN, push.at + 1, push.subscriber, details)


def join_of(found: Sequence[str]) -> Join:
    """Return what it means that Dial Whom answered these calls with the push's two parties within the ring time."""
    if not found:
        return Join.UNMATCHED
    return Join.JOINED if len(found) == 1 else Join.AMBIGUOUS
