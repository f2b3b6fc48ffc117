"""Exotel, and our accounts there."""

from typing import Protocol

from switchboard.exotel.accounts import ExotelAccount
from switchboard.exotel.tokens import Phone, SubscriberToken
from switchboard.foundation.deadline import Deadline
from switchboard.subscribers.subscriber import Status


class Accounts(Protocol):
    """The Exotel accounts that this deployment serves."""

    def find(self, sid: str) -> ExotelAccount | None:
        """Return the account, or None for one that is not configured. Raises NotConfiguredError."""
        ...

    def count(self) -> int:
        """Return how many there are. Raises NotConfiguredError."""
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
