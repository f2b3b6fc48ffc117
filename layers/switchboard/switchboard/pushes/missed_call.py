"""A missed call as something to tell the callee's phones of; it rings nowhere."""

import hashlib
from dataclasses import dataclass

from switchboard.pushes.push import Push

TYPE = "missedCall"
NOTIFY_WITHIN_MS = 600_000  # what is told of later is no news: events can be played again

type Pushed = Push | MissedCall  # what lies in the PushQueue


@dataclass(frozen=True, slots=True)
class MissedCall:
    """Whose call `subscriber_name` missed, and when (`at`); `accepted_at` is when we decided so. In milliseconds."""

    account: str
    subscriber_name: str
    caller: str
    call_sid: str
    at: int
    push_id: str
    accepted_at: int

    @property
    def key(self) -> str:
        """Identify what is told of one call, however often."""
        parts = (TYPE, self.account, self.subscriber_name, self.call_sid)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def known_until(self, ring_ms: int) -> int:
        """Return until when the same again is told to no phone twice, in milliseconds: for as long as it is news."""
        return self.accepted_at + max(NOTIFY_WITHIN_MS, ring_ms)

    def data(self) -> dict[str, str]:
        """Return the message's data, which all must be strings; it lacks what makes the SDK ring."""
        return {"type": TYPE, "caller": self.caller, "callSid": self.call_sid, "at": str(self.at)}
