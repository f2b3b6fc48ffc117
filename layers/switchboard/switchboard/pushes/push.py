"""A push: the call data that must reach the callee's phones before the call gives up."""

import hashlib
from dataclasses import dataclass, replace
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

    def known_until(self, ring_ms: int) -> int:
        """Return until when the same again rings no phone twice, in milliseconds: while the call rings."""
        return self.accepted_at + ring_ms

    def data(self, *, sent_at: int, expires_at: int) -> dict[str, str]:
        """Return the message's data, which all must be strings (contract 6); both times are in milliseconds."""
        return {
            "subscriberName": self.subscriber_name,
            "payload": self.payload,
            "payloadVersion": self.payload_version,
            "pushId": self.push_id,
            "sentAt": str(sent_at),
            "expiresAt": str(expires_at),
        }


class Outcome(StrEnum):
    """What became of a push: on one device, or (the last seven) as a whole."""

    ACCEPTED = "accepted"  # the push service took it
    DEAD_TOKEN = "dead-token"  # noqa: S105 the app is gone from that phone: forget the token
    DISABLED = "disabled"  # the token belongs to another app: keep it, send nothing more
    RETRY = "retry"  # a fault that may pass while the call still rings
    REJECTED = "rejected"  # the message itself was refused
    CONFIGURATION_FAULT = "configuration-fault"  # our credentials or project are wrong
    UNSUPPORTED_TOKEN = "unsupported-token"  # noqa: S105 an APNs token, which FCM cannot reach
    TOO_LATE = "too-late"  # what could be tried again would come after the ring time
    STALE = "stale"  # it was too old when it came out of the queue
    NO_DEVICE = "no-device"  # the subscriber has no phone that rings, or we do not know the name
    SUSPENDED = "suspended"  # the subscriber may not be called
    REPEATED = "repeated"  # every phone had taken this very push before
    MALFORMED = "malformed"  # the message holds no push
    BUSY = "busy"  # another delivery of the same push is under way


@dataclass(frozen=True, slots=True)
class Delivery:
    """One device's outcome; `reason` is the push service's own word, `retry_after` is in seconds.

    `latency_ms` runs from taking the push from Exotel to the push service taking it.
    """

    outcome: Outcome
    reason: str = ""
    retry_after: float | None = None
    latency_ms: int | None = None

    def timed(self, wait: int | None) -> "Delivery":
        """Return the outcome where the next try comes in `wait` seconds: too late, where there can be none."""
        late = self.outcome in (Outcome.RETRY, Outcome.BUSY) and wait is None
        return replace(self, outcome=Outcome.TOO_LATE) if late else self


@dataclass(frozen=True, slots=True)
class Send:
    """What became of one send, at which time (milliseconds), to the device of that key."""

    device: str
    platform: str | None
    at: int
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to deliver a push; with `retry_after`, whole seconds, the push must be tried again.

    `deliveries` are the sends' outcomes, or the one of the push as a whole where nothing was sent.
    """

    deliveries: tuple[Delivery, ...]
    retry_after: int | None = None
    sends: tuple[Send, ...] = ()
