"""Ports for subscribers and their devices."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from switchboard.subscribers.callee import Callee
from switchboard.subscribers.erased import ErasedUser
from switchboard.subscribers.subscriber import Device, Status, Subscriber


class SubscriberStatus(Protocol):
    """A callee's status, which is all that Dial Whom needs."""

    def status(self, account: str, name: str) -> Status | None:
        """Return the subscriber's status, or None for an unknown name."""
        ...


class Subscribers(SubscriberStatus, Protocol):
    """Profiles."""

    def find(self, account: str, name: str) -> Subscriber | None:
        """Return the profile, read consistently."""
        ...

    def glance(self, account: str, name: str) -> Subscriber | None:
        """Return the profile as it is or was about a second ago, which costs half of a consistent read."""
        ...

    def put(self, subscriber: Subscriber) -> None:
        """Store the profile whole, new or in place of the old one."""
        ...

    def delete(self, account: str, name: str, generation: int) -> None:
        """Delete the devices with their token ownership, the familiar origins, and the profile of that generation."""
        ...

    def everyone(self, account: str, limit: int) -> Sequence[Subscriber]:
        """Return up to `limit` active subscribers of the account, by name; only name and display name are reliable."""
        ...


class Profiles(Subscribers, Protocol):
    """Subscribers, with a replace that is safe against concurrent changes."""

    def replace(self, seen: Subscriber | None, subscriber: Subscriber) -> bool:
        """Store the profile if the stored one still equals `seen` (None: absent); return whether it did."""
        ...


class Devices(Protocol):
    """The phones of a subscriber. A token belongs to one subscriber of an account at a time."""

    def of(self, account: str, name: str) -> Sequence[Device]:
        """Return all devices, disabled ones included."""
        ...

    def callee(self, account: str, name: str) -> Callee:
        """Return the subscriber's status and all devices, read consistently."""
        ...

    def register(self, account: str, name: str, device: Device) -> None:
        """Store the device for its new owner and remove it from the former one, in one transaction."""
        ...

    def remove(self, account: str, name: str, key: str, *, registered_at: int | None = None) -> bool:
        """Remove a device by its token's key; with `registered_at`, only if it was not registered again since."""
        ...

    def disable(self, account: str, name: str, key: str, reason: str, *, registered_at: int) -> None:
        """Disable the device, unless it was registered again since: it is kept, but gets no pushes."""
        ...

    def accepted(self, account: str, name: str, device: Device, at: int, *, before: int) -> None:
        """Store that a push was accepted at `at`, unless one was accepted after `before` (both in milliseconds)."""
        ...

    def learned(self, account: str, name: str, device: Device) -> None:
        """Store the device's token type and environment, as a push has shown them, unless it was registered again."""
        ...


class DisplayNames(Protocol):
    """The names that people are shown."""

    def display_name(self, account: str, name: str) -> str | None:
        """Return the subscriber's display name, or None for an unknown name."""
        ...


class Generations(Protocol):
    """Who has a name now, by when the profile was created."""

    def generations(self, users: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], int]:
        """Return the generation of each of these profiles (account and name) that exists, by consistent reads."""
        ...


class ErasedUsers(Protocol):
    """The users who were deleted in the last days. Their names are kept as keyed hashes only."""

    def renew(self) -> bool:
        """Read consistently whether users were deleted since the last time; return whether that is so."""
        ...

    def of(self, account: str, names: Iterable[str]) -> Sequence[ErasedUser]:
        """Return those who had one of these names, as known since the last renewal."""
        ...
