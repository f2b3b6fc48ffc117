"""A push: Exotel's call data, which must reach the callee's phones while the call rings."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from switchboard.subscribers.subscriber import Device

if TYPE_CHECKING:
    from switchboard.calls.context import Answered

TYPE = "call"  # of a push, for apps that get other messages too
_LEFT_OUT = ("sentAt", "expiresAt", "callerName", "type", "callUuid", "pushId")  # in this order, where all does not fit
_KEY_CHARACTERS = 32  # of a SHA-256 in hex


def push_key(account: str, subscriber_name: str, payload: str) -> str:
    """Return a hash that is the same for a push sent twice."""
    return hashlib.sha256("\0".join((account, subscriber_name, payload)).encode()).hexdigest()[:_KEY_CHARACTERS]


def key_in(push_id: str) -> str:
    """Return the key with which a push's id begins: whoever has the id finds the push's delivery by one read."""
    return push_id[:_KEY_CHARACTERS]


@dataclass(frozen=True, slots=True)
class Push:
    """Exotel's data, byte for byte, and when we accepted it (`accepted_at`, milliseconds).

    `push_id` is the key and something that tells repetitions of the same push apart.
    `caller_name` and `call_uuid` are for the phones; delivery sets them (invite.py).
    """

    account: str
    subscriber_name: str
    payload: str
    payload_version: str
    push_id: str
    accepted_at: int
    caller_name: str = ""
    call_uuid: str = ""

    @property
    def key(self) -> str:
        """A hash that is the same for a push sent twice: of account, subscriber and payload."""
        return push_key(self.account, self.subscriber_name, self.payload)

    @property
    def type(self) -> str:
        """The kind of message, as apps and logs name it."""
        return TYPE

    def known_until(self, ring_ms: int) -> int:
        """Return until when an identical push is not sent to a phone again, in milliseconds: the end of ringing."""
        return self.sent_until(ring_ms)

    def sent_until(self, ring_ms: int) -> int:
        """Return until when it is sent, in milliseconds."""
        return self.accepted_at + ring_ms

    def queued(self) -> dict[str, object]:
        """Return what its message in the PushQueue has beside that of every push."""
        return {"payload": self.payload, "payloadVersion": self.payload_version}

    def exotels(self) -> dict[str, str]:
        """Return the part of the data that is Exotel's."""
        return {
            "subscriberName": self.subscriber_name,
            "payload": self.payload,
            "payloadVersion": self.payload_version,
        }

    def data(self, *, sent_at: int, expires_at: int) -> dict[str, str]:
        """Return the message's data, all strings (contract 6); both times are in milliseconds."""
        about = {"type": TYPE, "pushId": self.push_id, "callUuid": self.call_uuid, "callerName": self.caller_name}
        ours = about | {"sentAt": str(sent_at), "expiresAt": str(expires_at)}
        return self.exotels() | {key: value for key, value in ours.items() if value}


def fitting(data: Mapping[str, str], fits: Callable[[Mapping[str, str]], bool]) -> dict[str, str]:
    """Return the data without as many of our own keys as it takes until it fits; Exotel's are never left out."""
    left = dict(data)
    for key in _LEFT_OUT:
        if fits(left):
            break
        left.pop(key, None)
    return left


class Outcome(StrEnum):
    """The outcome of a push: for one device, or (the last eight) as a whole."""

    ACCEPTED = "accepted"  # the push service accepted it
    DEAD_TOKEN = "dead-token"  # noqa: S105 the app was removed from the phone: remove the device
    DISABLED = "disabled"  # the token belongs to another Firebase project or iOS app: disable the device
    RETRY = "retry"  # a temporary fault: try again while the call rings
    REJECTED = "rejected"  # the message itself was refused
    CONFIGURATION_FAULT = "configuration-fault"  # our credentials or project are wrong
    UNSUPPORTED_TOKEN = "unsupported-token"  # noqa: S105 no key is set up for its push service
    TOO_LATE = "too-late"  # the next try would be after the ring time
    STALE = "stale"  # the push was too old when it was received from the queue
    NO_DEVICE = "no-device"  # the subscriber is unknown, or has no device that gets pushes
    SUSPENDED = "suspended"  # the subscriber may not be called
    REPEATED = "repeated"  # every phone has already got this push
    ENDED = "ended"  # the call is over: nothing rings any more; of a cancel: no phone needs to be told
    MALFORMED = "malformed"  # the message is not a push
    BUSY = "busy"  # another delivery of the same push is in progress


@dataclass(frozen=True, slots=True)
class Delivery:
    """The outcome for one device; `reason` is the push service's error code, `retry_after` is in seconds.

    `latency_ms` is the time from accepting Exotel's request to the push service's 200. `learned` is the device as the
    send has shown it to be, where that was not known.
    """

    outcome: Outcome
    reason: str = ""
    retry_after: float | None = None
    latency_ms: int | None = None
    learned: Device | None = None

    def timed(self, wait: int | None) -> Delivery:
        """Return the delivery, as TOO_LATE if it needs another try but `wait` (seconds) is None."""
        late = self.outcome in (Outcome.RETRY, Outcome.BUSY) and wait is None
        return replace(self, outcome=Outcome.TOO_LATE) if late else self


@dataclass(frozen=True, slots=True)
class AcceptedPush:
    """A push that a device got: its caller ("" if the payload names none), and when Exotel sent it (milliseconds).

    `devices` has the keys of those that took it.
    """

    caller: str
    at: int
    devices: frozenset[str] = frozenset()


class Lease(NamedTuple):
    """The right to deliver a push: the keys of the devices it is settled for, and whether its call is over."""

    settled: Collection[str]
    over: bool = False


@dataclass(frozen=True, slots=True)
class Send:
    """One send to the device with the key `device`, at `at` (milliseconds), and its outcome."""

    device: str
    platform: str | None
    at: int
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to deliver a push; with `retry_after`, whole seconds, the push must be tried again.

    `deliveries` has the outcome of each send, or if nothing was sent that of the push as a whole. `dialled` is what
    Dial Whom answered the caller lately, None if that was not read.
    """

    deliveries: tuple[Delivery, ...]
    retry_after: int | None = None
    sends: tuple[Send, ...] = ()
    dialled: Sequence[Answered] | None = None
