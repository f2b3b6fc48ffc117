"""How many failed logins are borne, and from whom: enough for a slip of the finger, too few for guessing.

Failures are counted in fixed windows. A device from which the user has logged in before has a counter of its own and no
other: only who sends its device id can use that up. All other devices share three counters: user and address, address,
and user. The last of them does not apply at an address from which the user has logged in before.
"""

import hashlib
import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

WINDOW_SECONDS = 15 * 60
PER_FAMILIAR_DEVICE = 10
PER_USER_AND_ADDRESS = 5
PER_ADDRESS = 50  # an office or a mobile carrier may stand behind one address
PER_USER = 100  # a guesser may own many addresses
MOST_FAMILIAR = 20  # devices of a user, and as many addresses: so many phones a user has (subscribers/devices.py)
FAMILIAR_SECONDS = 90 * 24 * 3600
REFRESH_SECONDS = FAMILIAR_SECONDS // 2  # remember again once less than this is left: a write saved at most logins
_IPV6_SUBSCRIBER_BITS = 64  # RFC 6177: one customer holds at least a /64


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who tries to log in, as whom, and from where."""

    account: str
    name: str
    device_id: str
    address: str

    @property
    def device(self) -> str:
        """The key under which this user's device is remembered after a success."""
        return _key("device", self.account, self.name, self.device_id)

    @property
    def place(self) -> str:
        """The key under which this user's address is remembered after a success."""
        return _key("address", self.account, self.name, network(self.address))


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `at_most` failures under `key`, which names the window too."""

    key: str
    at_most: int


class Reserved(Enum):
    """What came of asking for one more attempt under a limit."""

    TAKEN = auto()
    FULL = auto()  # the failures have reached the limit
    BUSY = auto()  # they have not, but attempts under way may: their outcome decides


def limits(attempt: Attempt, familiar: Mapping[str, int], now: float) -> tuple[Limit, ...]:
    """Return the limits that hold for the attempt at `now`, the narrowest first.

    `familiar` has the keys of the user's devices and addresses, with when each is forgotten (epoch seconds).
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
    """Return when the window that `now` lies in ends, in epoch seconds."""
    return (int(now // WINDOW_SECONDS) + 1) * WINDOW_SECONDS


def to_remember(attempt: Attempt, familiar: Mapping[str, int], now: float) -> Sequence[str]:
    """Return the keys to remember after a success: those that are not familiar, or not for much longer."""
    return [key for key in (attempt.device, attempt.place) if familiar.get(key, 0) - now < REFRESH_SECONDS]


def to_forget(fresh: Sequence[str], familiar: Mapping[str, int]) -> Sequence[str]:
    """Return the keys that must make room for the `fresh` ones: of each kind those remembered longest ago."""
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
    """Return a short key of fixed length that holds no name and no address."""
    return f"{kind}#{hashlib.sha256('\0'.join(parts).encode()).hexdigest()}"
