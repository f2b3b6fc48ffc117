"""The subscriber tokens that Exotel issues, and the phone that each is bound to."""

from dataclasses import dataclass, field
from typing import Self

from switchboard.subscribers.subscriber import Platform, guess_platform


@dataclass(frozen=True, slots=True)
class Phone:
    """The device that logs in. Exotel binds its tokens to `device_id`, so it must be the SDK's own."""

    device_id: str
    platform: Platform

    @classmethod
    def of(cls, device_id: str, platform: Platform | None) -> Self:
        """Return the phone; the stock apps do not say their platform, so it is guessed (contract 4)."""
        return cls(device_id, platform or guess_platform(device_id))


@dataclass(frozen=True, slots=True)
class SubscriberToken:
    """What the SDK presents to Exotel. Expiries are epoch seconds."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    access_expires_at: int
    refresh_expires_at: int
