"""Ports for the delivery of pushes."""

from collections.abc import Collection, Sequence
from typing import Protocol

from switchboard.pushes.cancel import Cancel
from switchboard.pushes.missed_call import MissedCall, Pushed
from switchboard.pushes.push import AcceptedPush, Delivery, Lease, Push
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


class Cancels(Protocol):
    """Queues the ends of ringing calls."""

    def cancel(self, cancel: Cancel) -> None:
        """Return only after the cancel is queued. Raises UnavailableError."""
        ...


class DeadLetters(Protocol):
    """Stores pushes that cannot be delivered, with the reason."""

    def put(self, push: Pushed, reason: str) -> None:
        """Store the push, for an operator to inspect."""
        ...


class Deliveries(Protocol):
    """The devices that each push is settled for, so that none rings twice for one call."""

    def begin(self, push: Pushed, *, now_ms: int, lease_ms: int, known_until_ms: int) -> Lease | None:
        """Lease the push; None while another holds the lease.

        A push that is accepted after the `known_until_ms` of an identical one is a new push, settled for no device.
        """
        ...

    def mark(self, push: Pushed, *device_keys: str, accepted: bool = True, last: bool = False) -> bool:
        """Store in one write that the push is settled for these devices of a phone: no further send to them.

        `accepted` says whether the push service accepted it for the first of them; `last` releases the lease as well.
        Returns whether the push's call is over.
        """
        ...

    def stop(self, account: str, name: str, push_id: str) -> Collection[str]:
        """Store that the push's call is over, so that it is sent to no further device; return who took it until then.

        Whoever takes it afterwards is told by `mark`.
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

    def answer(self, call: RingingCall, phone: str | None) -> None:
        """Store that the call was answered, by that phone of the callee's if it is known."""
        ...

    def end(self, call: RingingCall, reason: str, by: str | None, *, answered: bool) -> RingingCall | None:
        """Store in one step that nothing may ring any more, and why, unless that is stored already; return the call.

        `by` is the phone where it ended, by an answer if `answered`. None, and nothing is stored, while a phone has
        answered that is not known.
        """
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
