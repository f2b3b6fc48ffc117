"""Who may log in and be called, and on which phones."""

from collections.abc import Sequence
from typing import Protocol

from switchboard.subscribers.callee import Callee
from switchboard.subscribers.subscriber import Device, Status, Subscriber


class SubscriberStatus(Protocol):
    """The one event that Dial Whom needs about a callee."""

    def status(self, account: str, name: str) -> Status | None:
        """Return the subscriber's status, or None for a name that we do not know."""
        ...


class Subscribers(SubscriberStatus, Protocol):
    """Profiles, and the sessions that ended early."""

    def find(self, account: str, name: str) -> Subscriber | None:
        """Return the profile, read consistently."""
        ...

    def put(self, subscriber: Subscriber) -> None:
        """Store the profile whole, new or in place of the old one."""
        ...

    def delete(self, account: str, name: str) -> None:
        """Delete the profile, its devices with their token ownership, its familiar origins and its ended sessions."""
        ...

    def everyone(self, account: str, limit: int) -> Sequence[Subscriber]:
        """Return up to `limit` active subscribers of the account, by name; only name and display name are sure."""
        ...

    def end_session(self, account: str, name: str, session_id: str, expires_at: int) -> None:
        """Remember until `expires_at` (epoch seconds) that this session was logged out."""
        ...

    def find_session(self, account: str, name: str, session_id: str) -> tuple[Subscriber | None, bool]:
        """Return the profile and whether this session was logged out, in one consistent read."""
        ...


class Profiles(Subscribers, Protocol):
    """Subscribers, changed without undoing what somebody else changes at the same time."""

    def replace(self, seen: Subscriber | None, subscriber: Subscriber) -> bool:
        """Store the profile if it is still as `seen` (None: absent), and return whether it was."""
        ...


class Devices(Protocol):
    """The phones of a subscriber. A token belongs to one subscriber of an account at a time."""

    def of(self, account: str, name: str) -> Sequence[Device]:
        """Return all devices, those that do not ring too."""
        ...

    def callee(self, account: str, name: str) -> Callee:
        """Return the subscriber's standing and all devices, read consistently."""
        ...

    def register(self, account: str, name: str, device: Device) -> None:
        """Store the device under its new owner and take its token from the former one, in one transaction."""
        ...

    def remove(self, account: str, name: str, key: str, *, registered_at: int | None = None) -> bool:
        """Remove a device by its token's key; with `registered_at`, only if it is still that registration."""
        ...

    def disable(self, account: str, name: str, key: str, reason: str, *, registered_at: int) -> None:
        """Keep the device but send nothing more to it, unless it was registered anew meanwhile."""
        ...

    def accepted(self, account: str, name: str, device: Device, at: int, *, before: int) -> None:
        """Note that a push for this registration was accepted `at`, unless one was after `before` (milliseconds)."""
        ...
