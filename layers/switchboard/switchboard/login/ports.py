"""Ports for authentication."""

from typing import Protocol

from switchboard.foundation.deadline import Deadline
from switchboard.login.login import Identity
from switchboard.subscribers.subscriber import Subscriber


class Passwords(Protocol):
    """Hashes and checks passwords."""

    def hash(self, password: str) -> str:
        """Return a salted hash of the password's composed form (NFC); it contains its own parameters."""
        ...

    def verify(self, password: str, password_hash: str | None) -> bool:
        """Return whether the password matches in any Unicode form; without a hash False, after the same work."""
        ...


class Sessions(Protocol):
    """Issues sessions of this service."""

    def issue(self, subscriber: Subscriber, device_id: str) -> tuple[str, int]:
        """Return a session token for the phone with that device id, and its expiry (epoch seconds)."""
        ...


class IdentityIssuer(Protocol):
    """The customer's own OIDC issuer."""

    def identify(self, token: str, deadline: Deadline) -> Identity:
        """Return the identity in the id token.

        Raises UnauthorizedError for an invalid token, InvalidFieldError for an invalid subscriber name, UpstreamError
        and UpstreamTimeoutError if the issuer's keys cannot be fetched.
        """
        ...
