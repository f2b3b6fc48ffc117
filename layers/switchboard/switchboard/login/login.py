"""A login: the session, the identity and the result for the app."""

from dataclasses import dataclass, field

from switchboard.exotel.accounts import ExotelAccount
from switchboard.exotel.tokens import SubscriberToken
from switchboard.subscribers.subscriber import Subscriber


@dataclass(frozen=True, slots=True)
class Session:
    """A session of this service: its signed token, and its expiry (epoch seconds)."""

    token: str = field(repr=False)
    expires_at: int


@dataclass(frozen=True, slots=True)
class Identity:
    """The user that an id token identifies; `account` is the token's account, None for the only one configured."""

    name: str
    account: str | None = None


@dataclass(frozen=True, slots=True)
class Login:
    """The result of a login, with all that the app needs."""

    account: ExotelAccount
    subscriber: Subscriber
    token: SubscriberToken
    session: Session
