"""An issuer's JSON Web Key Set (RFC 7517): selects the keys that may have signed a token.

The id (`kid`) is optional and may be shared by several keys, so a key's type and use are checked as well.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

ALGORITHMS = {"RSA": "RS256", "EC": "ES256"}  # by key type; an EC key's curve must be P-256 (RFC 7518 3.4)
MOST_KEYS = 100  # of a set; issuers publish two or three
MOST_TRIED = 8  # for one token
LONGEST_NUMBER = 1400  # characters; RSA keys of 8,192 bits have 1,366
_NUMBERS = {"RSA": ("n", "e"), "EC": ("x", "y")}


class PublicKey(NamedTuple):
    """A key that verifies one algorithm. `jwk` has its public members only; `id` is its `kid`, or None."""

    id: str | None
    algorithm: str
    jwk: Mapping[str, str]


def signing_keys(entries: Sequence[object]) -> tuple[PublicKey, ...]:
    """Return the keys of a set that verify RS256 or ES256, in the set's order; other entries are skipped."""
    keys = (_key(entry) for entry in entries if isinstance(entry, dict))
    return tuple(key for key in keys if key is not None)[:MOST_KEYS]


def fitting(keys: Sequence[PublicKey], algorithm: str, key_id: str | None) -> Sequence[PublicKey]:
    """Return the keys that may have signed a token with this header, the most likely first, at most MOST_TRIED.

    With a `key_id`, these are the keys with that id, then those without an id; without one, all keys.
    """
    able = [key for key in keys if key.algorithm == algorithm]
    if key_id is None:
        return able[:MOST_TRIED]
    named = [key for key in able if key.id == key_id]
    return (named + [key for key in able if key.id is None])[:MOST_TRIED]


def _key(entry: Mapping[str, object]) -> PublicKey | None:
    kind, key_id = str(entry.get("kty")), entry.get("kid")
    algorithm = ALGORITHMS.get(kind)
    if algorithm is None or not _for_signatures(entry, algorithm):
        return None
    members = ("kty", *_NUMBERS[kind], *(("crv",) if kind == "EC" else ()))
    jwk = {name: value for name in members if isinstance(value := entry.get(name), str)}
    if len(jwk) < len(members) or jwk.get("crv", "P-256") != "P-256" or max(map(len, jwk.values())) > LONGEST_NUMBER:
        return None
    return PublicKey(key_id if isinstance(key_id, str) else None, algorithm, jwk)


def _for_signatures(entry: Mapping[str, object], algorithm: str) -> bool:
    """Whether the key's `use`, `key_ops` and `alg`, all optional, permit verification (RFC 7517 4.2 to 4.4)."""
    use, operations, own = (entry.get(name) for name in ("use", "key_ops", "alg"))
    verifies = operations is None or (isinstance(operations, list) and "verify" in operations)
    return use in (None, "sig") and own in (None, algorithm) and verifies
