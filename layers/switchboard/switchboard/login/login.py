"""A login: the phone that asks, what Exotel issues for it, and what the app gets."""

from dataclasses import dataclass, field
from typing import Self

from switchboard.exotel.accounts import ExotelAccount
from switchboard.subscribers.subscriber import Platform, Subscriber, guess_platform


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


@dataclass(frozen=True, slots=True)
class Session:
    """Our own session: its signed token, and when it expires (epoch seconds)."""

    token: str = field(repr=False)
    expires_at: int


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the customer's issuer vouches for; `account` is the one it is good for, None the deployment's only one."""

    name: str
    account: str | None = None


@dataclass(frozen=True, slots=True)
class Login:
    """All that the app needs to begin."""

    account: ExotelAccount
    subscriber: Subscriber
    token: SubscriberToken
    session: Session
