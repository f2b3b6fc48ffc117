"""Call contexts: set by the caller's app before it dials, and read by the callee's app."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from switchboard.calls.context import DELETED, LONGEST_MESSAGE, CallContext, Ending
from switchboard.calls.ports import CallContexts
from switchboard.foundation.caller_ids import is_whatsapp, name_in
from switchboard.foundation.clock import Clock
from switchboard.foundation.errors import ForbiddenError, InvalidFieldError, MalformedRequestError, NotFoundError
from switchboard.subscribers.ports import ErasedUsers
from switchboard.subscribers.subscriber import possible_name, valid_name


@dataclass(frozen=True, slots=True)
class CallContextOf:
    """Sets, reads and ends call contexts, which expire after `context_seconds`. Nobody calls the `erased` users."""

    contexts: CallContexts
    clock: Clock
    context_seconds: int
    erased: ErasedUsers

    @contextmanager
    def replacing(self, account: str, caller: str) -> Iterator[None]:
        """End the caller's context if the body of the request that should replace it is invalid.

        The apps ignore the error and dial all the same; the earlier context would then connect the caller to the
        previous callee (docs/decisions/0038). Raises UnavailableError if the context may still exist.
        """
        try:
            yield
        except (MalformedRequestError, InvalidFieldError) as refusal:
            self._end(account, caller, refusal.code)
            raise

    def set(self, account: str, caller: str, dial_to: str, message: str, caller_name: str = "") -> CallContext:
        """Store the next callee of `caller`, shown as `caller_name`; the last write wins. Raises InvalidFieldError."""
        if len(message) > LONGEST_MESSAGE:
            reason = f"message may have at most {LONGEST_MESSAGE} characters"
            raise InvalidFieldError("invalid_field", reason, field="message")
        callee, now = self._callee_in(account, dial_to), self.clock()
        context = CallContext(
            account=account,
            caller=caller,
            callee=callee,
            message=message,
            set_at=int(now * 1000),
            expires_at=int(now) + self.context_seconds,
            caller_name=caller_name,
        )
        self.contexts.put(context)
        return context

    def get(self, account: str, caller: str, reader: str | None, generation: int = 0) -> CallContext | None:
        """Return the context to its caller or callee; a `reader` of None is a stock app, which may read any.

        Without a context, a stock app gets None, and the caller NotFoundError. Raises ForbiddenError for any other
        reader, whether there is a context or not, so that the error does not reveal who calls whom. A context that was
        set before the reader's `generation` (milliseconds) was for an earlier user of that name.
        """
        possible = possible_name(caller)  # the path may contain any text, and DynamoDB limits the length of keys
        context = self.contexts.find(account, caller, int(self.clock())) if possible else None
        if context and context.set_at < generation:
            context = None
        if reader not in (None, caller) and (context is None or context.callee != reader):
            raise ForbiddenError("not_yours", "only the caller and the callee of a call may read its context")
        if context is None and reader is not None:
            raise NotFoundError("no_context", "no context is set, or it expired")
        return context

    def delete(self, account: str, caller: str) -> None:
        """End the caller's context. Raises UnavailableError if it may still exist."""
        self._end(account, caller, DELETED)

    def _callee_in(self, account: str, dial_to: str) -> str:
        """Return the callee. The name of a deleted user is not stored again (docs/decisions/0076)."""
        callee = _callee_in(dial_to)
        self.erased.renew()
        if any(user.reborn_at is None for user in self.erased.of(account, [callee])):
            reason = "the subscriber with this name was deleted"
            raise InvalidFieldError("deleted_subscriber", reason, field="dialToNumber")
        return callee

    def _end(self, account: str, caller: str, by: str) -> None:
        now = self.clock()
        self.contexts.end(account, caller, Ending(int(now * 1000), by, int(now) + self.context_seconds))


def _callee_in(dial_to: str) -> str:
    if is_whatsapp(dial_to):
        reason = "dialToNumber is a WhatsApp number (wa:), which cannot be dialled: give a subscriber's name"
        raise InvalidFieldError("unsupported_destination", reason, field="dialToNumber")
    return valid_name(name_in(dial_to), field="dialToNumber")
