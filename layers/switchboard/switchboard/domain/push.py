"""A push: the call data that must reach the callee's phones before the call gives up."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Push:
    """What Exotel handed over, byte for byte, and when we took it (`accepted_at`, milliseconds)."""

    account: str
    subscriber_name: str
    payload: str
    payload_version: str
    push_id: str
    accepted_at: int

    @property
    def key(self) -> str:
        """Identify the same push sent twice: same account, subscriber and payload bytes."""
        parts = (self.account, self.subscriber_name, self.payload)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


class Outcome(StrEnum):
    """What became of one push on one device."""

    ACCEPTED = "accepted"  # the push service took it
    DEAD_TOKEN = "dead-token"  # noqa: S105 the app is gone from that phone: forget the token
    SET_ASIDE = "set-aside"  # the token belongs to another app: keep it, send nothing more
    RETRY = "retry"  # a fault that may pass while the call still rings
    REJECTED = "rejected"  # the message itself was refused
    CONFIGURATION_FAULT = "configuration-fault"  # our credentials or project are wrong
    UNSUPPORTED_TOKEN = "unsupported-token"  # noqa: S105 an APNs token, which FCM cannot reach


@dataclass(frozen=True, slots=True)
class Delivery:
    """One device's outcome; `reason` is the push service's own word, `retry_after` is in seconds."""

    outcome: Outcome
    reason: str = ""
    retry_after: float | None = None
