"""A subscriber's own call history."""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from switchboard.timeline.ports import Timelines
from switchboard.timeline.summary import CallSummary, summarise


@dataclass(frozen=True, slots=True)
class ListedCall:
    """A call in the history of one party; `id` is the CallSid, or another id of the call while that is unknown."""

    id: str
    outgoing: bool
    other: str | None
    summary: CallSummary


@dataclass(frozen=True, slots=True)
class ListCalls:
    """Lists calls, newest first; `executor` reads the timelines of a page in parallel."""

    timelines: Timelines
    executor: Executor

    def __call__(
        self, account: str, name: str, limit: int, cursor: str | None
    ) -> tuple[Sequence[ListedCall], str | None]:
        """Return at most `limit` calls, and the cursor of the next page or None. Raises InvalidFieldError.

        A page may have fewer calls, because a call is hidden from a subscriber whose app merely claims to be a party.
        """
        page = self.timelines.calls_of(account, name, limit, cursor)
        summaries = self.executor.map(lambda call: summarise(self.timelines.read(account, call)), page.calls)
        listed = [_listed(call, name, summary) for call, summary in zip(page.calls, summaries, strict=True)]
        return [call for call in listed if call is not None], page.cursor


def _listed(call: str, name: str, summary: CallSummary) -> ListedCall | None:
    known = summary.caller is not None or summary.callee is not None
    if known and not summary.has_party(name):
        return None
    outgoing = summary.caller == name
    return ListedCall(summary.call_sid or call, outgoing, summary.callee if outgoing else summary.caller, summary)
