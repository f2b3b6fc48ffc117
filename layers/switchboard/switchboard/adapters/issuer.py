"""The customer's own login: OIDC id tokens, RS256 or ES256, checked with the issuer's published keys."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from switchboard.adapters.issuer_keys import IssuerKeys, Jwk
from switchboard.domain.deadline import Deadline
from switchboard.domain.errors import InvalidFieldError, NotConfiguredError, UnauthorizedError
from switchboard.domain.login import Identity
from switchboard.domain.subscribers import valid_name
from switchboard.ports.clock import Clock

LEEWAY_SECONDS = 30  # clocks differ
LONGEST_TOKEN = 16 * 1024  # characters
ACCOUNT_CLAIM = "account_sid"  # optional: a token that has it is good for that account only
_KEY_TYPES = {"RS256": "RSA", "ES256": "EC"}
_CHECKS: dict[str, Any] = {
    "require": ["iss", "aud", "exp"],
    # Times are checked here, by our own clock.
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "enforce_minimum_key_length": True,
}


@dataclass(frozen=True, slots=True)
class OidcIssuer:
    """Implements ports.login.IdentityIssuer. `claim` is the one that holds the subscriber's name."""

    issuer: str
    audience: str
    claim: str
    keys: IssuerKeys
    clock: Clock

    def identify(self, token: str, deadline: Deadline) -> Identity:
        """Return whom the id token names.

        Raises UnauthorizedError for a bad token, InvalidFieldError if it names no possible subscriber, UpstreamError
        and UpstreamTimeoutError when the issuer's keys cannot be had, NotConfiguredError without an audience,
        because then whoever has a token of the issuer's for another application could log in.
        """
        if not self.audience:
            raise NotConfiguredError("not_configured", "OidcIssuer is set but OidcAudience is not: deploy with both")
        claims = self._claims(token, deadline)
        name, account = claims.get(self.claim), claims.get(ACCOUNT_CLAIM)
        if not isinstance(name, str):
            message = f"the id token's claim {self.claim} must be the subscriber's name"
            raise InvalidFieldError("invalid_name", message, field=self.claim)
        return Identity(valid_name(name, field=self.claim), None if account is None else str(account))

    def _claims(self, token: str, deadline: Deadline) -> Mapping[str, Any]:
        header = _header(token)
        key = self.keys.find(header.get("kid"), deadline)
        if key is None or not _fits(key, header["alg"]):
            raise _refused("its signing key is not the issuer's")
        try:
            claims = self._verified(token, key, header["alg"])
        except (jwt.PyJWTError, ValueError, RecursionError):  # ValueError: a key whose numbers make no key
            raise _refused("its signature, issuer or audience is wrong") from None
        if not self._timely(claims):
            raise _refused("it is not valid at this time")
        return claims

    def _verified(self, token: str, key: Jwk, algorithm: str) -> dict[str, Any]:
        return jwt.decode(
            token,
            jwt.PyJWK(dict(key), algorithm=algorithm),
            algorithms=[algorithm],
            audience=self.audience,
            issuer=self.issuer,
            options=_CHECKS,  # type: ignore[arg-type]  # PyJWT's TypedDict, by its own keys
        )

    def _timely(self, claims: Mapping[str, Any]) -> bool:
        now, expires_at, begins_at = self.clock(), claims["exp"], claims.get("nbf", 0)
        if not (isinstance(expires_at, int | float) and isinstance(begins_at, int | float)):
            return False
        return begins_at - LEEWAY_SECONDS <= now < expires_at + LEEWAY_SECONDS


def _header(token: str) -> Mapping[str, Any]:
    try:
        header = jwt.get_unverified_header(token) if len(token) <= LONGEST_TOKEN else {}
    except (jwt.PyJWTError, ValueError, RecursionError):
        header = {}
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in _KEY_TYPES:
        raise _refused("it must be a JWT signed with RS256 or ES256")
    return header


def _fits(key: Jwk, algorithm: str) -> bool:
    """Whether the key is for this algorithm: its type, curve and own `alg` must agree."""
    curve = key.get("crv") == "P-256" if algorithm == "ES256" else True
    return key.get("kty") == _KEY_TYPES[algorithm] and key.get("alg", algorithm) == algorithm and curve


def _refused(why: str) -> UnauthorizedError:
    return UnauthorizedError("bad_id_token", f"the id token is refused: {why}")
