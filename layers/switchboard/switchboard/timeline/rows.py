"""A call as a party sees it in the call history."""

from switchboard.subscribers.erased import is_erased
from switchboard.timeline.answers import ListedCall
from switchboard.timeline.summary import CallSummary


def row_of(call: str, name: str, summary: CallSummary) -> ListedCall:
    """Return the row of a call for its party `name`; `call` is its CallSid, or without one a pushId."""
    outgoing = summary.caller == name
    other = summary.callee if outgoing else summary.caller
    return {
        "id": call,
        "call_sid": summary.call_sid,
        "push_ids": list(summary.push_ids),
        "session_ids": list(summary.session_ids),
        "direction": "outgoing" if outgoing else "incoming",
        "other_party": None if is_erased(other) else other,
        "other_deleted": is_erased(other),
        "started_at": None if summary.started_at is None else summary.started_at // 1000,
        "outcome": summary.outcome,
        "ring_seconds": summary.ring_seconds,
        "talk_seconds": summary.talk_seconds,
        "rating": summary.ratings.get(name),
    }
