"""A subscriber's own call history."""

from concurrent.futures import Executor
from dataclasses import dataclass

from switchboard.timeline.answers import CallsAnswer, ListedCall
from switchboard.timeline.ports import Timelines
from switchboard.timeline.summary import CallSummary, summarise


@dataclass(frozen=True, slots=True)
class ListCalls:
    """Lists calls, newest first; `executor` reads the timelines of a page in parallel."""

    timelines: Timelines
    executor: Executor

    def __call__(self, account: str, name: str, limit: int, cursor: str | None) -> CallsAnswer:
        """Return at most `limit` calls, and the cursor of the next page or None. Raises InvalidFieldError.

        A page may have fewer calls, because a call is hidden from a subscriber whose app merely claims to be a party.
        """
        page = self.timelines.calls_of(account, name, limit, cursor)
        summaries = self.executor.map(lambda call: summarise(self.timelines.read(account, call)), page.calls)
        listed = [_listed(call, name, summary) for call, summary in zip(page.calls, summaries, strict=True)]
        return {"calls": [call for call in listed if call is not None], "cursor": page.cursor}


def _listed(call: str, name: str, summary: CallSummary) -> ListedCall | None:
    known = summary.caller is not None or summary.callee is not None
    if known and not summary.has_party(name):
        return None
    outgoing = summary.caller == name
    return {
        "id": summary.call_sid or call,
        "call_sid": summary.call_sid,
        "push_ids": list(summary.push_ids),
        "session_ids": list(summary.session_ids),
        "direction": "outgoing" if outgoing else "incoming",
        "other_party": summary.callee if outgoing else summary.caller,
        "started_at": None if summary.started_at is None else summary.started_at // 1000,
        "outcome": summary.outcome,
        "ring_seconds": summary.ring_seconds,
        "talk_seconds": summary.talk_seconds,
        "rating": summary.ratings.get(name),
    }
