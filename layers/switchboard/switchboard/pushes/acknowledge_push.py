"""An app confirms that a push reached it, and learns what the call is about (docs/decisions/0059)."""

from dataclasses import dataclass

from switchboard.calls.context import CallContext
from switchboard.calls.ports import SharedContexts
from switchboard.foundation.clock import Clock
from switchboard.pushes.ports import AcceptedPushes

NEAR_MS = 8_000  # Dial Whom answers within 3 s for a late context, and Exotel sends the push within 5 s after that
LATER_MS = 2_000  # clock differences


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A push that was accepted for a device of the subscriber; `context` is its call's, if there is one."""

    context: CallContext | None


@dataclass(frozen=True, slots=True)
class AcknowledgePush:
    """Checks an acknowledgement by one read, and finds the call's context by another."""

    pushes: AcceptedPushes
    contexts: SharedContexts
    clock: Clock

    def __call__(self, account: str, name: str, push_id: str, generation: int = 0) -> Acknowledged | None:
        """Return None unless the push was accepted for a device of that subscriber, of that generation."""
        now = int(self.clock())
        push = self.pushes.find(account, name, push_id, now)
        if push is None or push.at < generation:
            return None
        found = self.contexts.shared(account, push.caller, now) if push.caller else None
        if found is None or found.context.set_at < generation:
            return Acknowledged(None)
        if found.context.callee != name or not _of_one_call(push.at, found.context, found.used_at):
            return Acknowledged(None)
        return Acknowledged(found.context)


def _of_one_call(pushed_at: int, context: CallContext, used_at: int | None) -> bool:
    """Whether the push belongs to the call that the context is for; times are in milliseconds.

    A newer context is the next call's. One that a call used long before the push, or after it, is that call's.
    """
    if context.set_at > pushed_at + LATER_MS:
        return False
    return used_at is None or -LATER_MS <= pushed_at - used_at <= NEAR_MS
