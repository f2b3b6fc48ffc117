"""Ports for Exotel's API and the configured accounts."""

from typing import Protocol

from switchboard.exotel.accounts import ExotelAccount
from switchboard.exotel.tokens import Phone, SubscriberToken
from switchboard.foundation.deadline import Deadline
from switchboard.subscribers.subscriber import Status


class Accounts(Protocol):
    """The Exotel accounts that this deployment serves."""

    def find(self, sid: str) -> ExotelAccount | None:
        """Return the account, or None if it is not configured. Raises NotConfiguredError."""
        ...

    def count(self) -> int:
        """Return the number of accounts. Raises NotConfiguredError."""
        ...


class Exotel(Protocol):
    """Exotel's Subscriber API. Every call ends by its deadline.

    Raises UpstreamError, UpstreamTimeoutError, and UnavailableError if Exotel's rate limit is exceeded.
    """

    def issue_token(
        self, account: ExotelAccount, name: str, phone: Phone, deadline: Deadline
    ) -> SubscriberToken | None:
        """Return a new token for this phone, or None if Exotel has no such subscriber."""
        ...

    def create(self, account: ExotelAccount, name: str, deadline: Deadline) -> None:
        """Create the subscriber; one that exists already is no error."""
        ...

    def set_status(self, account: ExotelAccount, name: str, status: Status, deadline: Deadline) -> bool:
        """Set the subscriber's status; return False if Exotel has no such subscriber."""
        ...

    def delete(self, account: ExotelAccount, name: str, deadline: Deadline) -> bool:
        """Delete the subscriber; return False if Exotel has no such subscriber."""
        ...
