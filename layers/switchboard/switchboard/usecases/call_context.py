"""Call context: whom a caller is about to dial, set by the caller's app and read by the callee's."""

from dataclasses import dataclass

from switchboard.domain.calls import LONGEST_MESSAGE, CallContext
from switchboard.domain.errors import ForbiddenError, InvalidFieldError, NotFoundError
from switchboard.domain.routing import name_in
from switchboard.domain.subscribers import possible_name, valid_name
from switchboard.ports.calls import CallContexts
from switchboard.ports.clock import Clock


@dataclass(frozen=True, slots=True)
class CallContextOf:
    """Sets, reads and deletes callers' contexts, which last `context_seconds`."""

    contexts: CallContexts
    clock: Clock
    context_seconds: int

    def set(self, account: str, caller: str, dial_to: str, message: str) -> CallContext:
        """Store whom `caller` dials next; the last write wins. Raises InvalidFieldError."""
        if len(message) > LONGEST_MESSAGE:
            reason = f"message may have at most {LONGEST_MESSAGE} characters"
            raise InvalidFieldError("invalid_field", reason, field="message")
        now = self.clock()
        context = CallContext(
            account=account,
            caller=caller,
            callee=valid_name(name_in(dial_to), field="dialToNumber"),
            message=message,
            set_at=int(now * 1000),
            expires_at=int(now) + self.context_seconds,
        )
        self.contexts.put(context)
        return context

    def get(self, account: str, caller: str, reader: str | None) -> CallContext:
        """Return the context for its caller or the callee it names; `reader` None is the stock apps, who may read all.

        Raises ForbiddenError for anybody else, also where there is none, so that nobody learns of another's calls;
        NotFoundError for the caller.
        """
        possible = possible_name(caller)  # anything may stand in a path, and no store takes a key of any length
        context = self.contexts.find(account, caller, int(self.clock())) if possible else None
        if reader not in (None, caller) and (context is None or context.callee != reader):
            raise ForbiddenError("not_yours", "only the caller and the callee of a call may read its context")
        if context is None:
            raise NotFoundError("no_context", "no context is set, or it expired")
        return context

    def delete(self, account: str, caller: str) -> None:
        """Forget whom `caller` meant to dial."""
        self.contexts.delete(account, caller)
