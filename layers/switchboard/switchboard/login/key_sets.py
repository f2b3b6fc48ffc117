"""An issuer's JSON Web Key Set (RFC 7517): which of its keys may have signed a token.

Several keys may share an id (`kid`), and a key need not have one; only the type and the use say what it is for.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

ALGORITHMS = {"RSA": "RS256", "EC": "ES256"}  # by key type; an EC key's curve must be P-256 (RFC 7518 3.4)
MOST_KEYS = 100  # of a set; issuers publish two or three
MOST_TRIED = 8  # for one token
LONGEST_NUMBER = 1400  # characters; RSA keys of 8,192 bits have 1,366
_NUMBERS = {"RSA": ("n", "e"), "EC": ("x", "y")}


class PublicKey(NamedTuple):
    """A key that verifies one algorithm. `jwk` holds its public members only; `id` is None where it has no `kid`."""

    id: str | None
    algorithm: str
    jwk: Mapping[str, str]


def signing_keys(entries: Sequence[object]) -> tuple[PublicKey, ...]:
    """Return the keys of a set that verify RS256 or ES256, as published; what is no such key is skipped."""
    keys = (_key(entry) for entry in entries if isinstance(entry, dict))
    return tuple(key for key in keys if key is not None)[:MOST_KEYS]


def fitting(keys: Sequence[PublicKey], algorithm: str, key_id: str | None) -> Sequence[PublicKey]:
    """Return the keys that may have signed a token with this header, the likeliest first, at most MOST_TRIED.

    A token that names a key fits those of that id, then those without any; a token that names none fits all.
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
    """Whether what the key says of itself allows it; each of these members is optional (RFC 7517 4.2 to 4.4)."""
    use, operations, own = (entry.get(name) for name in ("use", "key_ops", "alg"))
    verifies = operations is None or (isinstance(operations, list) and "verify" in operations)
    return use in (None, "sig") and own in (None, algorithm) and verifies
