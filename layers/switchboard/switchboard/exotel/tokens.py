"""The subscriber tokens that Exotel issues, and the phones to which they are bound."""

from dataclasses import dataclass, field
from typing import Self

from switchboard.subscribers.subscriber import Platform, guess_platform


@dataclass(frozen=True, slots=True)
class Phone:
    """The device that logs in. `device_id` must be the SDK's own, because Exotel binds the token to it."""

    device_id: str
    platform: Platform

    @classmethod
    def of(cls, device_id: str, platform: Platform | None) -> Self:
        """Return the phone; without a platform, as the stock apps send it, that follows from the id (contract 4)."""
        return cls(device_id, platform or guess_platform(device_id))


@dataclass(frozen=True, slots=True)
class SubscriberToken:
    """The token pair that the SDK presents to Exotel. Expiries are epoch seconds."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    access_expires_at: int
    refresh_expires_at: int
