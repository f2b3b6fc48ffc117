"""A subscriber's own call history."""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from switchboard.timeline.ports import Timelines
from switchboard.timeline.summary import CallSummary, summarise


@dataclass(frozen=True, slots=True)
class ListedCall:
    """A call as one of its parties sees it; `id` is the CallSid, or another id while that is not known."""

    id: str
    outgoing: bool
    other: str | None
    summary: CallSummary


@dataclass(frozen=True, slots=True)
class ListCalls:
    """Lists calls, newest first; `executor` reads a page's timelines side by side."""

    timelines: Timelines
    executor: Executor

    def __call__(
        self, account: str, name: str, limit: int, cursor: str | None
    ) -> tuple[Sequence[ListedCall], str | None]:
        """Return at most `limit` calls and the next page's cursor, None after the last. Raises InvalidFieldError.

        A page may hold fewer: whoever only claims to have been in a call does not see it.
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
