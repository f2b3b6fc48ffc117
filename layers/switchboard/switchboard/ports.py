"""What the use cases need from outside, in the product's words. Adapters and the tests' fakes implement these.

Every method may raise `UnavailableError` when the thing behind it does not answer.
"""

from collections.abc import Sequence
from typing import Protocol

from switchboard.domain.calls import Asked, CallContext, ClaimedCallee
from switchboard.domain.subscribers import Device, Status, Subscriber


class Clock(Protocol):
    """The time, passed in so that tests need not wait."""

    def __call__(self) -> float:
        """Return epoch seconds, with fractions."""
        ...


class CallContexts(Protocol):
    """Whom each caller set out to reach. One context a caller; the last write wins."""

    def put(self, context: CallContext) -> None:
        """Store a context, unused, in place of the caller's earlier one."""
        ...

    def find(self, account: str, caller: str, now: int) -> CallContext | None:
        """Return the caller's context unless it expired."""
        ...

    def delete(self, account: str, caller: str) -> None:
        """Forget the caller's context; without one, do nothing."""
        ...

    def claim(self, account: str, caller: str, call_sid: str, asked: Asked, *, reuse: bool = False) -> ClaimedCallee:
        """Answer the call `call_sid` from the caller's context and mark it as used by that call, in one step.

        The context must be alive when it is claimed. With `reuse`, one that another call used is good enough, and is
        marked anew.
        """
        ...

    def note(
        self, account: str, caller: str, call_sid: str, asked: Asked, *, callee: str | None, expires_at: int
    ) -> None:
        """Keep until `expires_at` (epoch seconds) how a call was answered, None for nobody, that claimed no context."""
        ...


class SubscriberStatus(Protocol):
    """The one fact that Dial Whom needs about a callee."""

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
        """Delete the profile, its devices with their token ownership, and its ended sessions."""
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


class Devices(Protocol):
    """The phones of a subscriber. A token belongs to one subscriber of an account at a time."""

    def of(self, account: str, name: str) -> Sequence[Device]:
        """Return all devices, those set aside too."""
        ...

    def register(self, account: str, name: str, device: Device) -> None:
        """Store the device under its new owner and take its token from the former one, in one transaction."""
        ...

    def remove(self, account: str, name: str, key: str, *, registered_at: int | None = None) -> bool:
        """Remove a device by its token's key; with `registered_at`, only if it is still that registration."""
        ...

    def set_aside(self, account: str, name: str, key: str, reason: str, *, registered_at: int) -> None:
        """Keep the device but send nothing more to it, unless it was registered anew meanwhile."""
        ...


class LogBucket(Protocol):
    """Where phones upload their logs."""

    def upload_url(self, key: str, seconds: int) -> str:
        """Return an address that takes one PUT of the object `key` during `seconds`."""
        ...
