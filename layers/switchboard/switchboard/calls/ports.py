"""Whom each caller set out to reach."""

from typing import Protocol

from switchboard.calls.context import Asked, CallContext, ClaimedCallee, Ending


class CallContexts(Protocol):
    """Whom each caller set out to reach. One context a caller; the last write wins."""

    def put(self, context: CallContext) -> None:
        """Store a context, unused, in place of the caller's earlier one."""
        ...

    def find(self, account: str, caller: str, now: int) -> CallContext | None:
        """Return the caller's context unless it expired."""
        ...

    def end(self, account: str, caller: str, ending: Ending) -> None:
        """Forget whom the caller set out to reach, and nothing else: the last call's answer stays, for its retries.

        Raises UnavailableError where the context may still stand.
        """
        ...

    def delete(self, account: str, caller: str) -> None:
        """Erase all that is kept of the caller, the last call's answer included; without anything, do nothing."""
        ...

    def claim(self, account: str, caller: str, call_sid: str, asked: Asked) -> ClaimedCallee:
        """Answer the call `call_sid` from the caller's context and mark it as used by that call, in one step.

        The context must be alive and unused when it is claimed. The call that was answered last gets its answer again.
        """
        ...

    def look(self, account: str, caller: str, call_sid: str, now: int) -> ClaimedCallee:
        """Return what a claim for `call_sid` would give at `now` (epoch seconds), by a consistent read alone.

        FRESH promises nothing, and names nobody: another call may claim the context first.
        """
        ...

    def note(
        self, account: str, caller: str, call_sid: str, asked: Asked, *, callee: str | None, expires_at: int
    ) -> None:
        """Keep until `expires_at` (epoch seconds) how a call was answered, None for nobody, that claimed no context."""
        ...
