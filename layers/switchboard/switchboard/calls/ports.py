"""The port for call contexts."""

from collections.abc import Sequence
from typing import Protocol

from switchboard.calls.context import Answered, Asked, CallContext, ClaimedCallee, Ending, SharedWith


class SharedContexts(Protocol):
    """Call contexts as a callee's app sees them."""

    def shared(self, account: str, caller: str, now: int) -> SharedWith | None:
        """Return the caller's context as it is or was about a second ago, or None if there is none or it expired."""
        ...


class CallContexts(Protocol):
    """Call contexts, one per caller; the last write wins."""

    def put(self, context: CallContext) -> None:
        """Store an unused context in place of the caller's earlier one."""
        ...

    def find(self, account: str, caller: str, now: int) -> CallContext | None:
        """Return the caller's context, or None if there is none or it has expired."""
        ...

    def end(self, account: str, caller: str, ending: Ending) -> None:
        """End the caller's context; the answer to the last call is kept, for Exotel's retries.

        Raises UnavailableError if the context may still exist.
        """
        ...

    def delete(self, account: str, caller: str) -> None:
        """Delete everything stored for the caller, the answer to the last call included; else do nothing."""
        ...

    def claim(self, account: str, caller: str, call_sid: str, asked: Asked) -> ClaimedCallee:
        """Answer the call `call_sid` from the caller's context and mark it as used by that call, in one step.

        The context must be unexpired and unused. A repeated request of the call answered last gets the same answer.
        """
        ...

    def look(self, account: str, caller: str, call_sid: str, now: int) -> ClaimedCallee:
        """Return what a claim for `call_sid` would return at `now` (epoch seconds), by a consistent read.

        FRESH comes without a callee and is no guarantee: another call may claim the context first.
        """
        ...

    def note(
        self, account: str, caller: str, call_sid: str, asked: Asked, *, callee: str | None, expires_at: int
    ) -> None:
        """Store until `expires_at` (epoch seconds) the answer to a call that claimed no context: `callee` or None."""
        ...


class DialAnswers(Protocol):
    """What Dial Whom has answered lately, by caller."""

    def answers(self, account: str, caller: str) -> Sequence[Answered]:
        """Return the caller's last answers that named a callee, newest first: at most three, by a consistent read."""
        ...
