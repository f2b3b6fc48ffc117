"""Whom each caller set out to reach."""

from typing import Protocol

from switchboard.domain.calls import Asked, CallContext, ClaimedCallee


class CallContexts(Protocol):
    """Whom each caller set out to reach. One context a caller; the last write wins."""

    def put(self, context: CallContext) -> None:
        """Store a context, unused, in place of the caller's earlier one."""
        ...

    def find(self, account: str, caller: str, now: int) -> CallContext | None:
        """Return the caller's context unless it expired."""
        ...

    def delete(self, account: str, caller: str) -> None:
        """Forget the caller's context; without one, do nothing."""
        ...

    def claim(self, account: str, caller: str, call_sid: str, asked: Asked, *, reuse: bool = False) -> ClaimedCallee:
        """Answer the call `call_sid` from the caller's context and mark it as used by that call, in one step.

        The context must be alive when it is claimed. With `reuse`, one that another call used is good enough, and is
        marked anew.
        """
        ...

    def note(
        self, account: str, caller: str, call_sid: str, asked: Asked, *, callee: str | None, expires_at: int
    ) -> None:
        """Keep until `expires_at` (epoch seconds) how a call was answered, None for nobody, that claimed no context."""
        ...
