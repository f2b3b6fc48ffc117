"""A notification about a missed call for the callee's phones; it does not ring."""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from switchboard.pushes.cancel import Cancel
    from switchboard.pushes.push import Push

TYPE = "missedCall"
NOTIFY_WITHIN_MS = 600_000  # after the call; later ones are replayed events, of which nobody wants a notification

type Pushed = Push | MissedCall | Cancel  # a message in the PushQueue


@dataclass(frozen=True, slots=True)
class MissedCall:
    """The caller, the callee (`subscriber_name`) and the time (`at`) of a missed call.

    `accepted_at` is when the notification was created. Times are in milliseconds.
    """

    account: str
    subscriber_name: str
    caller: str
    call_sid: str
    at: int
    push_id: str
    accepted_at: int

    @property
    def key(self) -> str:
        """A hash that is the same for all notifications about one call."""
        parts = (TYPE, self.account, self.subscriber_name, self.call_sid)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    @property
    def type(self) -> str:
        """The kind of message, as apps and logs name it."""
        return TYPE

    def sent_until(self, ring_ms: int) -> int:
        """Return until when it is sent, in milliseconds."""
        return self.accepted_at + ring_ms

    def known_until(self, ring_ms: int) -> int:
        """Return until when a repetition is not sent to a phone again, in milliseconds."""
        return self.accepted_at + max(NOTIFY_WITHIN_MS, ring_ms)

    def queued(self) -> dict[str, object]:
        """Return what its message in the PushQueue has beside that of every push."""
        return {"type": TYPE, "caller": self.caller, "callSid": self.call_sid, "at": self.at}

    def data(self) -> dict[str, str]:
        """Return the message's data, all strings; without a payload, so the SDK does not ring."""
        return {"type": TYPE, "caller": self.caller, "callSid": self.call_sid, "at": str(self.at)}
