"""How many failed logins are borne, and from whom: enough for a slip of the finger, too few for guessing.

Failures are counted in fixed windows, by user and address, by address, and by user. Anybody can fail a login under
another's name, so the last counter does not apply where that user has logged in before: nobody is locked out of it from
elsewhere.
"""

import hashlib
import ipaddress
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum, auto

WINDOW_SECONDS = 15 * 60
PER_USER_AND_ADDRESS = 5
PER_ADDRESS = 50  # an office or a mobile carrier may stand behind one address
PER_USER = 100  # a guesser may own many addresses
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
    def origins(self) -> tuple[str, str]:
        """The keys under which this user's device and address are remembered after a success."""
        who = (self.account, self.name)
        return _key("device", *who, self.device_id), _key("address", *who, network(self.address))


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


def limits(attempt: Attempt, now: float, *, familiar: bool) -> tuple[Limit, ...]:
    """Return the limits that hold for the attempt at `now`, the narrowest first."""
    window, where = str(int(now // WINDOW_SECONDS)), network(attempt.address)
    who = (attempt.account, attempt.name)
    narrow = (
        Limit(_key("user-address", window, *who, where), PER_USER_AND_ADDRESS),
        Limit(_key("address", window, where), PER_ADDRESS),
    )
    return narrow if familiar else (*narrow, Limit(_key("user", window, *who), PER_USER))


def window_end(now: float) -> int:
    """Return when the window that `now` lies in ends, in epoch seconds."""
    return (int(now // WINDOW_SECONDS) + 1) * WINDOW_SECONDS


def to_remember(origins: Collection[str], known: Mapping[str, int], now: float) -> list[str]:
    """Return the origins to remember after a success: those not `known` (key to expiry), or not for much longer."""
    return [key for key in origins if known.get(key, 0) - now < REFRESH_SECONDS]


def network(address: str) -> str:
    """Return what counts as one address: an IPv4 address, or an IPv6 customer's whole /64."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, _IPV6_SUBSCRIBER_BITS), strict=False))


def _key(kind: str, *parts: str) -> str:
    """Return a short key of fixed length that holds no name and no address."""
    return f"{kind}#{hashlib.sha256('\0'.join(parts).encode()).hexdigest()}"
