"""How users prove who they are."""

from typing import Protocol

from switchboard.foundation.deadline import Deadline
from switchboard.login.login import Identity
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
