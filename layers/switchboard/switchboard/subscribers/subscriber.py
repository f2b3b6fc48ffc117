"""Subscribers: the users of the customer's app, as Exotel names them, and the devices on which they ring."""

import hashlib
import re
from dataclasses import dataclass, field
from enum import StrEnum

from switchboard.foundation.errors import InvalidFieldError
from switchboard.subscribers.status import LONGEST_NAME, Status, possible_name

__all__ = ["LONGEST_NAME", "Contact", "ContactGroup", "Device", "Platform", "Status", "Subscriber", "TokenType"]
__all__ += ["guess_platform", "guess_token_type", "phone_key", "possible_name", "token_key", "valid_name"]

_APNS_TOKEN = re.compile(r"[0-9a-fA-F]{64,200}\Z")  # APNs tokens are hex, FCM's are not
_IOS_DEVICE = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\Z", re.IGNORECASE)


class Platform(StrEnum):
    """The two platforms that Exotel issues tokens for."""

    ANDROID = "android"
    IOS = "ios"


class TokenType(StrEnum):
    """Which push service a device token belongs to."""

    FCM = "fcm"
    APNS = "apns"
    APNS_VOIP = "apns-voip"


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A subscriber's profile. Times are epoch seconds; `session_version` changes whenever all sessions must end."""

    account: str
    name: str
    status: Status
    session_version: str
    display_name: str
    created_at: int
    updated_at: int
    password_hash: str | None = None
    contact_groups: tuple["ContactGroup", ...] | None = None

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
    """A phone's push token, as registered at `registered_at`; `disabled_reason` says why nothing is sent to it, if so.

    `session_version` is the subscriber's at that moment, `phone` the phone_key of the session that registered it, None
    for an app without one. The push service last took a push for it at `accepted_at`, give or take a day. In
    milliseconds.
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
    key: str = field(init=False, compare=False, default="")

    def __post_init__(self) -> None:
        """Derive the key under which stores keep the device, so that a token itself is never a key."""
        object.__setattr__(self, "key", token_key(self.token))


def token_key(token: str) -> str:
    """Return the hex SHA-256 of a push token: what stores, logs and marks use in its place."""
    return hashlib.sha256(token.encode()).hexdigest()


def phone_key(account: str, name: str, device_id: str) -> str:
    """Return what stands for a phone in sessions and stores: a hash, so that neither shows the device id.

    Account and name are part of it, so that nobody can tell that two subscribers share a phone. It is no credential,
    so it needs no key (docs/decisions/0040).
    """
    return hashlib.sha256("\0".join((account, name, device_id)).encode()).hexdigest()[:32]


def valid_name(name: str, *, field: str = "name") -> str:
    """Return `name` if Exotel would take it as a subscriber's name, else raise InvalidFieldError."""
    if not possible_name(name):
        raise InvalidFieldError(
            "invalid_name", f"{field} must be 1 to {LONGEST_NAME} letters and digits, as Exotel requires", field=field
        )
    return name


def guess_platform(device_id: str) -> Platform:
    """Tell the platform from a device id: iOS sends a UUID, any other form is Android (contract 4)."""
    return Platform.IOS if _IOS_DEVICE.match(device_id) else Platform.ANDROID


def guess_token_type(token: str) -> TokenType:
    """Tell the push service from a token's form; a long run of hex digits is an APNs token."""
    return TokenType.APNS if _APNS_TOKEN.match(token) else TokenType.FCM
