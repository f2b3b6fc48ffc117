"""How many failed logins are allowed: enough for typing errors, too few for guessing a password.

Failures are counted in fixed windows. A device from which the user has logged in before has only its own counter, which
nobody can exhaust without its device id. All other devices share three counters: per user and address, per address, and
per user. The last does not apply at an address from which the user has logged in before.
"""

import hashlib
import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

WINDOW_SECONDS = 15 * 60
PER_FAMILIAR_DEVICE = 10
PER_USER_AND_ADDRESS = 5
PER_ADDRESS = 50  # users of an office or a mobile carrier may share one address
PER_USER = 100  # an attacker may use many addresses
MOST_FAMILIAR = 20  # devices of a user, and as many addresses: so many phones a user has (subscribers/devices.py)
FAMILIAR_SECONDS = 90 * 24 * 3600
REFRESH_SECONDS = FAMILIAR_SECONDS // 2  # stored again once less than this remains: most logins need no write
_IPV6_SUBSCRIBER_BITS = 64  # RFC 6177: one customer holds at least a /64


@dataclass(frozen=True, slots=True)
class Attempt:
    """A login attempt: for which subscriber, from which device and address."""

    account: str
    name: str
    device_id: str
    address: str

    @property
    def device(self) -> str:
        """The key under which this user's device is stored after a success."""
        return _key("device", self.account, self.name, self.device_id)

    @property
    def place(self) -> str:
        """The key under which this user's address is stored after a success."""
        return _key("address", self.account, self.name, network(self.address))


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `at_most` failures under `key`, which includes the window."""

    key: str
    at_most: int


class Reserved(Enum):
    """The result of reserving one attempt under a limit."""

    TAKEN = auto()
    FULL = auto()  # the failures have reached the limit
    BUSY = auto()  # failures and attempts in progress together have reached it


def limits(attempt: Attempt, familiar: Mapping[str, int], now: float) -> tuple[Limit, ...]:
    """Return the limits that apply to the attempt at `now`, the narrowest first.

    `familiar` has the keys of the user's known devices and addresses, with the expiry of each (epoch seconds).
    """
    window, where = str(int(now // WINDOW_SECONDS)), network(attempt.address)
    who = (attempt.account, attempt.name)
    if familiar.get(attempt.device, 0) > now:
        return (Limit(_key("user-device", window, *who, attempt.device_id), PER_FAMILIAR_DEVICE),)
    shared = (
        Limit(_key("user-address", window, *who, where), PER_USER_AND_ADDRESS),
        Limit(_key("address", window, where), PER_ADDRESS),
    )
    if familiar.get(attempt.place, 0) > now:
        return shared
    return (*shared, Limit(_key("user", window, *who), PER_USER))


def window_end(now: float) -> int:
    """Return the end of the window that contains `now`, in epoch seconds."""
    return (int(now // WINDOW_SECONDS) + 1) * WINDOW_SECONDS


def to_remember(attempt: Attempt, familiar: Mapping[str, int], now: float) -> Sequence[str]:
    """Return the keys to store after a success: those that are not stored, or that expire soon."""
    return [key for key in (attempt.device, attempt.place) if familiar.get(key, 0) - now < REFRESH_SECONDS]


def to_forget(fresh: Sequence[str], familiar: Mapping[str, int]) -> Sequence[str]:
    """Return the keys to remove when `fresh` is added: of each kind, the oldest beyond MOST_FAMILIAR."""
    kept = list(fresh)
    for key in sorted(familiar, key=lambda key: familiar[key], reverse=True):
        if key not in kept and sum(_kind(one) == _kind(key) for one in kept) < MOST_FAMILIAR:
            kept.append(key)
    return [key for key in familiar if key not in kept]


def network(address: str) -> str:
    """Return what counts as one address: an IPv4 address, or an IPv6 customer's whole /64."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, _IPV6_SUBSCRIBER_BITS), strict=False))


def _kind(key: str) -> str:
    return key.partition("#")[0]


def _key(kind: str, *parts: str) -> str:
    """Return a hashed key of fixed length, which reveals no name and no address."""
    return f"{kind}#{hashlib.sha256('\0'.join(parts).encode()).hexdigest()}"
