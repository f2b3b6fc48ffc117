"""Verifies id tokens (RS256 or ES256) of the customer's OIDC issuer with the keys that it publishes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jwt

from switchboard.foundation.clock import Clock
from switchboard.foundation.deadline import Deadline
from switchboard.foundation.errors import InvalidFieldError, NotConfiguredError, UnauthorizedError
from switchboard.login.id_tokens import refusal, wrong_type
from switchboard.login.issuer_keys import IssuerKeys
from switchboard.login.key_sets import ALGORITHMS, PublicKey, fitting
from switchboard.login.login import Identity
from switchboard.subscribers.subscriber import valid_name

LONGEST_TOKEN = 16 * 1024  # characters
ACCOUNT_CLAIM = "account_sid"  # optional if only one account is configured
_NOT_THIS_KEY = (jwt.InvalidSignatureError, jwt.InvalidKeyError, ValueError)  # ValueError: invalid key parameters
_CHECKS: dict[str, Any] = {
    "require": ["iss", "aud", "exp"],
    # Times are checked by id_tokens.py, with our own clock.
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "enforce_minimum_key_length": True,
}


@dataclass(frozen=True, slots=True)
class OidcIssuer:
    """Implements IdentityIssuer. `claim` is the name of the claim with the subscriber's name."""

    issuer: str
    audience: str
    claim: str
    keys: IssuerKeys
    clock: Clock

    def identify(self, token: str, deadline: Deadline) -> Identity:
        """Return the identity in the id token.

        Raises UnauthorizedError for an invalid token, InvalidFieldError for an invalid subscriber name, UpstreamError
        and UpstreamTimeoutError if the issuer's keys cannot be fetched, and NotConfiguredError without an audience:
        then the issuer's tokens for any other application would be accepted.
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
        claims = self._signed(token, header, known := self.keys.known(deadline))
        if claims is None and (renewed := self.keys.renewed(deadline)) is not known:
            claims = self._signed(token, header, renewed)  # also for a known key id: issuers may reuse one
        if claims is None:
            raise _refused("it is not signed with one of the issuer's keys")
        if why := refusal(claims, self.audience, self.clock()):
            raise _refused(why)
        return claims

    def _signed(self, token: str, header: Mapping[str, Any], keys: Sequence[PublicKey]) -> dict[str, Any] | None:
        for key in fitting(keys, header["alg"], header.get("kid")):
            try:
                return self._verified(token, key)
            except _NOT_THIS_KEY:
                continue
            except (jwt.PyJWTError, RecursionError):
                raise _refused("its issuer, its audience or another claim is wrong") from None
        return None

    def _verified(self, token: str, key: PublicKey) -> dict[str, Any]:
        return jwt.decode(
            token,
            jwt.PyJWK(dict(key.jwk), algorithm=key.algorithm),
            algorithms=[key.algorithm],
            audience=self.audience,
            issuer=self.issuer,
            options=_CHECKS,  # type: ignore[arg-type]  # PyJWT's TypedDict, by its own keys
        )


def _header(token: str) -> Mapping[str, Any]:
    """Return the header of a possible id token; for any other the issuer's keys are not fetched."""
    try:
        header = jwt.get_unverified_header(token) if len(token) <= LONGEST_TOKEN else {}
    except (jwt.PyJWTError, ValueError, RecursionError):
        header = {}
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS.values() or token.endswith("."):
        raise _refused("it must be a JWT signed with RS256 or ES256")
    if why := wrong_type(header):
        raise _refused(why)
    return header


def _refused(why: str) -> UnauthorizedError:
    return UnauthorizedError("bad_id_token", f"the id token is refused: {why}")
