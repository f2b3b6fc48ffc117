"""A call as a party sees it in the call history, and what is stored for both."""

from collections.abc import Mapping
from typing import Any

from switchboard.subscribers.erased import is_erased
from switchboard.timeline.answers import ListedCall
from switchboard.timeline.summary import CallSummary

_SEEN = (
    *("call_sid", "push_ids", "session_ids", "caller", "callee", "started_at"),
    *("outcome", "ring_seconds", "talk_seconds", "ratings"),
)


def seen_of(summary: CallSummary) -> Mapping[str, Any]:
    """Return what a party sees of a summary, without what is unknown."""
    return {name: value for name in _SEEN if (value := getattr(summary, name)) not in (None, (), {})}


def summary_of(seen: Mapping[str, Any]) -> CallSummary:
    """Return the summary, as far as a party sees it."""
    known: dict[str, Any] = {
        name: tuple(seen[name]) if isinstance(seen[name], list) else seen[name] for name in _SEEN if name in seen
    }
    return CallSummary(**known)


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
