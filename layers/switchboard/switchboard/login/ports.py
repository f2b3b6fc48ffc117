"""How users prove who they are, and how often they may try."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from switchboard.foundation.deadline import Deadline
from switchboard.login.login import Identity
from switchboard.rate_limits.limits import Limit, Reserved
from switchboard.subscribers.subscriber import Subscriber


class Passwords(Protocol):
    """Hashes and checks passwords."""

    def hash(self, password: str) -> str:
        """Return a salted hash that carries its own parameters; of the password's composed form (NFC)."""
        ...

    def verify(self, password: str, password_hash: str | None) -> bool:
        """Return whether the password is the one, however it is composed; without a hash False, after the same work."""
        ...


class Sessions(Protocol):
    """Issues our own sessions."""

    def issue(self, subscriber: Subscriber, device_id: str) -> tuple[str, int]:
        """Return a session token for the phone of that device id, and when it expires (epoch seconds)."""
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
    """Counters of login attempts, and of other requests."""

    def reserve(self, limit: Limit, expires_at: int) -> Reserved:
        """Count one attempt in advance, in one step, unless the limit is reached."""
        ...

    def give_back(self, key: str) -> None:
        """Uncount an attempt that did not fail."""
        ...

    def count_failure(self, key: str) -> None:
        """Let a reserved attempt stand as a failure."""
        ...


class FamiliarOrigins(Protocol):
    """The devices and addresses from which a subscriber has logged in, by keys of `domain.login_limits.Attempt`."""

    def of(self, account: str, name: str) -> Mapping[str, int]:
        """Return what is remembered, with when each is forgotten (epoch seconds; it may be in the past)."""
        ...

    def remember(
        self, account: str, name: str, fresh: Sequence[str], forgotten: Sequence[str], expires_at: int
    ) -> None:
        """Remember the fresh ones until then and forget others, without undoing what another login remembers."""
        ...
