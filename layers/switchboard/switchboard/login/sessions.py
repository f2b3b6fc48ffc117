"""Sessions: signed JWTs from /v1/login, and the check that a request may act for the subscriber in its path."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import jwt
from jwt.types import Options

from switchboard.foundation.clock import Clock
from switchboard.foundation.errors import ForbiddenError, NotFoundError, UnauthorizedError
from switchboard.subscribers.ports import Subscribers
from switchboard.subscribers.status import LONGEST_SID
from switchboard.subscribers.subscriber import Subscriber, phone_key, possible_name
from switchboard.web.request import Request

ISSUER = "switchboard"
_ALGORITHM = "HS256"
# UserGate checks exp, with its own clock: an expired session gets another error than a forged one
_OPTIONS: Options = {
    "require": ["iss", "sub", "acc", "ver", "phone", "jti", "iat", "exp"],
    "verify_exp": False,
    "verify_iat": False,
}


class SessionKeys(Protocol):
    """The key that signs, and those that still verify."""

    def signing(self) -> tuple[str, str]:
        """Return the key's id and the key."""
        ...

    def verifying(self, key_id: str) -> str | None:
        """Return the key with that id, or None if it is unknown or no longer valid."""
        ...


@dataclass(frozen=True, slots=True)
class User:
    """The subscriber for whom a request acts, with the current session version.

    A stock app without a session has `name` None and `phone` "". `display_name` is that of the session's subscriber, or
    without a session that of the `{name}` in the path. `generation` is the subscriber's. Times are epoch seconds.
    """

    account: str
    name: str | None
    session_version: str
    session_id: str = ""
    phone: str = ""
    expires_at: int = 0
    display_name: str = ""
    generation: int = 0


@dataclass(frozen=True, slots=True)
class SessionTokens:
    """Issues and reads session tokens; does not check that the subscriber exists."""

    keys: SessionKeys
    hours: int
    clock: Clock
    new_id: Callable[[], str]

    def issue(self, subscriber: Subscriber, device_id: str) -> tuple[str, int]:
        """Return a token for the subscriber on the phone with that device id, and its expiry."""
        now = int(self.clock())
        expires_at = now + self.hours * 3600
        claims = {
            "iss": ISSUER,
            "sub": subscriber.name,
            "acc": subscriber.account,
            "ver": subscriber.session_version,
            "phone": phone_key(subscriber.account, subscriber.name, device_id),
            "jti": self.new_id(),
            "iat": now,
            "exp": expires_at,
        }
        key_id, key = self.keys.signing()
        return jwt.encode(claims, key, algorithm=_ALGORITHM, headers={"kid": key_id}), expires_at

    def read(self, token: str) -> Mapping[str, Any] | None:
        """Return the claims of a token that this service signed, expired or not; None for any other."""
        try:
            key = self.keys.verifying(str(jwt.get_unverified_header(token).get("kid", "")))
            if key is None:
                return None
            return jwt.decode(token, key, algorithms=[_ALGORITHM], issuer=ISSUER, options=_OPTIONS)
        except (jwt.InvalidTokenError, ValueError, RecursionError):  # RecursionError: a deeply nested header
            return None


@dataclass(frozen=True, slots=True)
class UserGate:
    """Admits requests with a session; with `stock_apps`, on routes that allow it, also requests without one."""

    tokens: SessionTokens
    subscribers: Subscribers
    stock_apps: bool = False

    def prepare(self) -> None:
        """Read the key and connect to the Subscribers table, so that the first request need not wait for either."""
        self.tokens.keys.signing()
        self.subscribers.glance("-", "-")  # a read that every function with this gate may make

    def admit(self, request: Request, *, stock: bool = True, own: bool = True, at_once: bool = False) -> User:
        """Return the user, if they may act for the `{name}` in the path.

        With `stock` False a session is required even with StockApps=allow. With `own` False any subscriber of the
        account is admitted, and the use case decides. A logout or a suspension is seen within about a second, with
        `at_once` immediately. Raises UnauthorizedError, ForbiddenError, NotFoundError.
        """
        account, name = request.path("accountSid"), request.path("name")
        claims = self.tokens.read(request.bearer()) if request.bearer() else None
        request.notes |= {"account": account, "subscriber": name}
        if claims is None:
            return self._without_session(account, name, allowed=stock and self.stock_apps)
        user = self._with_session(claims, at_once=at_once)
        if user.account != account or (own and user.name != name):
            raise ForbiddenError("not_yours", "this session belongs to another subscriber")
        return user

    def _without_session(self, account: str, name: str, *, allowed: bool) -> User:
        if not allowed:
            raise UnauthorizedError("no_session", "log in and send the session token as Authorization: Bearer")
        possible = len(account) <= LONGEST_SID and possible_name(name)
        subscriber = self.subscribers.find(account, name) if possible else None
        if subscriber is None:
            raise NotFoundError("unknown_subscriber", "there is no such subscriber")
        if not subscriber.active:
            raise ForbiddenError("suspended", "this subscriber is suspended")
        return User(account, None, subscriber.session_version, display_name=subscriber.display_name)

    def _with_session(self, claims: Mapping[str, Any], *, at_once: bool) -> User:
        if claims["exp"] <= self.tokens.clock():
            raise UnauthorizedError("session_expired", "the session expired: log in again")
        account, name, session_id = str(claims["acc"]), str(claims["sub"]), str(claims["jti"])
        subscriber = self.subscribers.find(account, name) if at_once else self.subscribers.glance(account, name)
        if subscriber is None or not subscriber.active or not _still(subscriber, claims):
            raise UnauthorizedError("session_ended", "the session was ended: log in again")
        version, phone, expires_at = subscriber.session_version, str(claims["phone"]), int(claims["exp"])
        return User(
            account, name, version, session_id, phone, expires_at, subscriber.display_name, subscriber.generation
        )


def _still(subscriber: Subscriber, claims: Mapping[str, Any]) -> bool:
    """Whether the session has neither been logged out nor ended with all others."""
    ended = {session for session, _ in subscriber.ended_sessions}
    return subscriber.session_version == claims["ver"] and claims["jti"] not in ended
