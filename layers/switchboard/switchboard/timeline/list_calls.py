"""A subscriber's own call history."""

from dataclasses import dataclass

from switchboard.timeline.answers import CallsAnswer
from switchboard.timeline.ports import Timelines


@dataclass(frozen=True, slots=True)
class ListCalls:
    """Lists calls, newest first. The platform's latest events may not be in a summary for about 5 seconds."""

    timelines: Timelines

    def __call__(self, account: str, name: str, limit: int, cursor: str | None, generation: int = 0) -> CallsAnswer:
        """Return at most `limit` calls of this generation, and the cursor of the next page or None.

        Raises InvalidFieldError.
        """
        page = self.timelines.calls_of(account, name, limit, cursor, generation)
        return {"calls": list(page.calls), "cursor": page.cursor}
