"""What login and the management of subscribers need from outside, beside ports.py."""

from collections.abc import Collection, Mapping
from typing import Protocol

from switchboard.domain.accounts import ExotelAccount
from switchboard.domain.deadline import Deadline
from switchboard.domain.login import Identity, Phone, SubscriberToken
from switchboard.domain.login_limits import Limit, Reserved
from switchboard.domain.subscribers import Status, Subscriber
from switchboard.ports import Subscribers


class Profiles(Subscribers, Protocol):
    """Subscribers, changed without undoing what somebody else changes at the same time."""

    def replace(self, seen: Subscriber | None, subscriber: Subscriber) -> bool:
        """Store the profile if it is still as `seen` (None: absent), and return whether it was."""
        ...


class Accounts(Protocol):
    """The Exotel accounts that this deployment serves."""

    def find(self, sid: str) -> ExotelAccount | None:
        """Return the account, or None for one that is not configured. Raises NotConfiguredError."""
        ...


class Exotel(Protocol):
    """Exotel's Subscriber API. Every call ends by its deadline.

    Raises UpstreamError, UpstreamTimeoutError, and UnavailableError when Exotel asks for fewer requests: see the code.
    """

    def issue_token(
        self, account: ExotelAccount, name: str, phone: Phone, deadline: Deadline
    ) -> SubscriberToken | None:
        """Return a fresh token for this phone, or None when Exotel does not know the subscriber."""
        ...

    def create(self, account: ExotelAccount, name: str, deadline: Deadline) -> None:
        """Create the subscriber; one that is there already is fine."""
        ...

    def set_status(self, account: ExotelAccount, name: str, status: Status, deadline: Deadline) -> bool:
        """Set the subscriber's status; False when Exotel does not know the subscriber."""
        ...

    def delete(self, account: ExotelAccount, name: str, deadline: Deadline) -> bool:
        """Delete the subscriber; False when Exotel does not know it."""
        ...


class Passwords(Protocol):
    """Hashes and checks passwords."""

    def hash(self, password: str) -> str:
        """Return a salted hash that carries its own parameters."""
        ...

    def verify(self, password: str, password_hash: str | None) -> bool:
        """Return whether the password is the one; without a hash False, after the same work."""
        ...


class Sessions(Protocol):
    """Issues our own sessions."""

    def issue(self, subscriber: Subscriber) -> tuple[str, int]:
        """Return a session token and when it expires (epoch seconds)."""
        ...


class IdentityIssuer(Protocol):
    """The customer's own OIDC issuer."""

    def identify(self, token: str, deadline: Deadline) -> Identity:
        """Return whom the id token names.

        Raises UnauthorizedError for a bad token, InvalidFieldError if it names no possible subscriber, UpstreamError
        and UpstreamTimeoutError when the issuer's keys cannot be had.
        """
        ...


class LoginAttempts(Protocol):
    """Counters of login attempts, and the places from which a user has logged in."""

    def reserve(self, limit: Limit, expires_at: int) -> Reserved:
        """Count one attempt in advance, in one step, unless the limit is reached."""
        ...

    def give_back(self, key: str) -> None:
        """Uncount an attempt that did not fail."""
        ...

    def count_failure(self, key: str) -> None:
        """Let a reserved attempt stand as a failure."""
        ...

    def known(self, origins: Collection[str], now: float) -> Mapping[str, int]:
        """Return those of the origins that are remembered, with when each is forgotten (epoch seconds)."""
        ...

    def remember(self, origins: Collection[str], expires_at: int) -> None:
        """Remember the origins until then."""
        ...
