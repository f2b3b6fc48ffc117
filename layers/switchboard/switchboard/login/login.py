"""A login: the phone that asks, what Exotel issues for it, and what the app gets."""

from dataclasses import dataclass, field

from switchboard.exotel.accounts import ExotelAccount
from switchboard.exotel.tokens import SubscriberToken
from switchboard.subscribers.subscriber import Subscriber


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
