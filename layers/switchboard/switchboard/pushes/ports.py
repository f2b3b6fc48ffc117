"""What relays a push to the phones."""

from collections.abc import Collection
from typing import Protocol

from switchboard.pushes.missed_call import MissedCall, Pushed
from switchboard.pushes.push import Delivery, Push
from switchboard.subscribers.subscriber import Device


class PushQueue(Protocol):
    """What stands between Exotel's push and the phones."""

    def put(self, push: Push) -> None:
        """Return only once the queue has the push for sure."""
        ...


class MissedCalls(Protocol):
    """Whoever tells a callee's phones of a missed call."""

    def notify(self, missed: MissedCall) -> None:
        """Return only once it is sure to be told."""
        ...


class DeadLetters(Protocol):
    """Where pushes go that cannot be delivered, with the reason."""

    def put(self, push: Pushed, reason: str) -> None:
        """Keep the push for an operator to look at."""
        ...


class Deliveries(Protocol):
    """Which devices took which push, so that none rings twice for one call."""

    def begin(self, push: Pushed, *, now_ms: int, lease_ms: int, known_until_ms: int) -> Collection[str] | None:
        """Lease the push and return the keys of the devices it is settled for; None while another holds the lease.

        The same push accepted after an earlier one's `known_until_ms` is a new one, settled for no device.
        """
        ...

    def mark(self, push: Pushed, device_key: str) -> None:
        """Remember that the push is settled for the device: nothing more is sent to it."""
        ...

    def end(self, push: Pushed) -> None:
        """Give the lease back."""
        ...


class PushGateway(Protocol):
    """A push service that reaches phones."""

    def send(self, push: Pushed, device: Device, *, expires_at_ms: int, now_ms: int) -> Delivery:
        """Send once, without retries, and say what became of it. Never raises for what the service answers."""
        ...
