"""Ports for the delivery of pushes."""

from collections.abc import Collection, Sequence
from typing import Protocol

from switchboard.pushes.missed_call import MissedCall, Pushed
from switchboard.pushes.push import AcceptedPush, Delivery, Push
from switchboard.pushes.ringing import RingingCall
from switchboard.subscribers.subscriber import Device


class PushQueue(Protocol):
    """The queue between Exotel's push and its delivery."""

    def put(self, push: Push) -> None:
        """Return only after the push is queued. Raises UnavailableError."""
        ...


class MissedCalls(Protocol):
    """Queues notifications about missed calls."""

    def notify(self, missed: MissedCall) -> None:
        """Return only after the notification is queued. Raises UnavailableError."""
        ...


class DeadLetters(Protocol):
    """Stores pushes that cannot be delivered, with the reason."""

    def put(self, push: Pushed, reason: str) -> None:
        """Store the push, for an operator to inspect."""
        ...


class Deliveries(Protocol):
    """The devices that each push is settled for, so that none rings twice for one call."""

    def begin(self, push: Pushed, *, now_ms: int, lease_ms: int, known_until_ms: int) -> Collection[str] | None:
        """Lease the push and return the keys of the devices it is settled for; None while another holds the lease.

        A push that is accepted after the `known_until_ms` of an identical one is a new push, settled for no device.
        """
        ...

    def mark(self, push: Pushed, *device_keys: str, accepted: bool = True, last: bool = False) -> None:
        """Store in one write that the push is settled for these devices: no further send to them.

        `accepted` says whether the push service accepted it; `last` releases the lease as well.
        """
        ...

    def end(self, push: Pushed) -> None:
        """Release the lease."""
        ...


class AcceptedPushes(Protocol):
    """The pushes that a push service has accepted, for as long as their call may ring, and a minute longer."""

    def find(self, account: str, name: str, push_id: str, now: int) -> AcceptedPush | None:
        """Return the push with that id, if it was accepted for a device of the subscriber; `now` in epoch seconds."""
        ...


class RingingCalls(Protocol):
    """The calls that ring now, for as long as they may ring, and a minute longer."""

    def register(self, call: RingingCall) -> RingingCall:
        """Add the call's invites and phones to it before they are sent; return the call as it then is."""
        ...

    def find(self, call: RingingCall) -> RingingCall | None:
        """Return the stored call with the same id and callee, as it is or was about a second ago, or None."""
        ...

    def of(self, account: str, callee: str, since: int, most: int) -> Sequence[RingingCall]:
        """Return the callee's `most` newest calls, newest first; `since` (ms) is the earliest in their ids."""
        ...


class PushGateway(Protocol):
    """A push service."""

    def send(self, push: Pushed, device: Device, *, expires_at_ms: int, now_ms: int) -> Delivery:
        """Send once, without retries, and return the outcome. An error response is an outcome and is not raised."""
        ...
