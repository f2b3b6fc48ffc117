"""Subscribers (the users of the customer's app, in Exotel's terms) and their devices."""

import hashlib
import re
from dataclasses import dataclass, field
from enum import StrEnum

from switchboard.foundation.errors import InvalidFieldError
from switchboard.subscribers.status import LONGEST_NAME, Status, possible_name

__all__ = [
    "LONGEST_NAME",
    "Contact",
    "ContactGroup",
    "Device",
    "Environment",
    "Platform",
    "Status",
    "Subscriber",
    "TokenType",
]
__all__ += ["CANCEL", "guess_platform", "is_hex_token", "new_subscriber", "phone_key", "possible_name", "token_key"]
__all__ += ["valid_name"]

_APNS_TOKEN = re.compile(r"[0-9a-fA-F]{64,200}\Z")  # APNs tokens are hex, FCM's are not
_IOS_DEVICE = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\Z", re.IGNORECASE)


class Platform(StrEnum):
    """The platforms for which Exotel issues tokens."""

    ANDROID = "android"
    IOS = "ios"


class TokenType(StrEnum):
    """The push service that issued a device token, and the kind of the token."""

    FCM = "fcm"
    FID = "fid"  # a Firebase installation id, with which FCM replaces its tokens
    APNS = "apns"
    APNS_VOIP = "apns-voip"

    @property
    def is_apns(self) -> bool:
        """Whether it is sent to by APNs, else by FCM."""
        return self in (TokenType.APNS, TokenType.APNS_VOIP)


CANCEL = "cancel"  # in a device's `knows`: its app understands the message that stops the ringing


class Environment(StrEnum):
    """The environments of APNs. A token is known in one of them: that for which the app was signed."""

    PRODUCTION = "production"
    SANDBOX = "sandbox"


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A subscriber's profile. Times are epoch seconds. A new `session_version` ends all sessions.

    `ended_sessions` are the ids of sessions that were logged out, with their expiry, sorted. `generation` is when the
    profile was created, in milliseconds: what began before it was of an earlier user of that name, who was deleted.
    """

    account: str
    name: str
    status: Status
    session_version: str
    display_name: str
    created_at: int
    updated_at: int
    password_hash: str | None = None
    contact_groups: tuple["ContactGroup", ...] | None = None
    ended_sessions: tuple[tuple[str, int], ...] = ()
    generation: int = 0

    @property
    def active(self) -> bool:
        """Whether the subscriber may log in and be called."""
        return self.status is Status.ACTIVE


@dataclass(frozen=True, slots=True)
class Contact:
    """One entry of the app's contact list; `number` is a subscriber's name."""

    name: str
    number: str


@dataclass(frozen=True, slots=True)
class ContactGroup:
    """A titled list of contacts, as the stock apps show it."""

    group: str
    contacts: tuple[Contact, ...]
    is_special: bool = False


@dataclass(frozen=True, slots=True)
class Device:
    """A phone's push token, registered at `registered_at`; a device with a `disabled_reason` gets no pushes.

    `session_version` is the subscriber's at the registration. `phone` is the phone_key of the session that registered
    the device, None for an app without a session. `accepted_at` is when the push service last accepted a push for it,
    to within a week. Times are in milliseconds.

    `environment` and `bundle_id` are of APNs tokens: None until known, and for the app of the PushSecret. `guessed`
    says that nobody named the kind of a hex token, so that `token_type` may be the wrong one of the two. `knows` are
    the messages beside calls that the app said it understands.
    """

    token: str
    token_type: TokenType
    registered_at: int
    platform: Platform | None = None
    device_id: str | None = None
    disabled_reason: str | None = None
    session_version: str = ""
    phone: str | None = None
    accepted_at: int | None = None
    environment: Environment | None = None
    bundle_id: str | None = None
    guessed: bool = False
    knows: frozenset[str] = frozenset()
    key: str = field(init=False, compare=False, default="")

    def __post_init__(self) -> None:
        """Derive the device's key in stores, so that a token itself is never used as a key."""
        object.__setattr__(self, "key", token_key(self.token))


def new_subscriber(account: str, name: str, session_version: str, now: float) -> Subscriber:
    """Return the profile of a user who is created at `now` (epoch seconds): active, shown by the name."""
    seconds, generation = int(now), int(now * 1000)
    return Subscriber(account, name, Status.ACTIVE, session_version, name, seconds, seconds, generation=generation)


def token_key(token: str) -> str:
    """Return the hex SHA-256 of a push token, which stores and logs use in its place."""
    return hashlib.sha256(token.encode()).hexdigest()


def phone_key(account: str, name: str, device_id: str) -> str:
    """Return a phone's id in sessions and stores: a hash, so that the device id itself is not stored.

    Account and name are hashed as well, so that two subscribers on one phone have different ids. The id is not a
    credential, so the hash needs no secret key (docs/decisions/0040).
    """
    return hashlib.sha256("\0".join((account, name, device_id)).encode()).hexdigest()[:32]


def valid_name(name: str, *, field: str = "name") -> str:
    """Return `name` if Exotel accepts it as a subscriber's name, else raise InvalidFieldError."""
    if not possible_name(name):
        raise InvalidFieldError(
            "invalid_name", f"{field} must be 1 to {LONGEST_NAME} letters and digits, as Exotel requires", field=field
        )
    return name


def guess_platform(device_id: str) -> Platform:
    """Return the platform that a device id suggests: iOS for a UUID, else Android (contract 4)."""
    return Platform.IOS if _IOS_DEVICE.match(device_id) else Platform.ANDROID


def is_hex_token(token: str) -> bool:
    """Return whether a token has APNs' format: 64 to 200 hex digits, which FCM's tokens never have."""
    return _APNS_TOKEN.match(token) is not None
