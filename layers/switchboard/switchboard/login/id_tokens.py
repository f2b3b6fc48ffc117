"""Checks that a signed token is an id token for this service: its type, audience and times (OIDC Core 3.1.3.7)."""

from collections.abc import Mapping

LEEWAY_SECONDS = 30  # clocks differ
# Keycloak's `typ` and Cognito's `token_use`; there is no standard claim for the kind of a token
_KINDS = {"typ": ("id", "jwt"), "token_use": ("id",)}


def wrong_type(header: Mapping[str, object]) -> str | None:
    """Return why a token with this header is not an id token, or None if it may be one.

    Access tokens have the type `at+jwt` (RFC 9068 2.1), logout tokens `logout+jwt` (OpenID Connect Back-Channel Logout
    2.4), and other kinds have other types (RFC 8725 3.11). An id token has `JWT` or no type.
    """
    kind = header.get("typ", "JWT")
    if isinstance(kind, str) and kind.lower().removeprefix("application/") == "jwt":
        return None
    return "its header's typ is not JWT: send the id token, not an access or logout token"


def refusal(claims: Mapping[str, object], audience: str, now: float) -> str | None:
    """Return why the claims are not a valid id token for `audience` at `now` (epoch seconds), or None if they are."""
    for claim, kinds in _KINDS.items():
        if str(claims.get(claim, kinds[0])).lower() not in kinds:
            return f"its claim {claim} says that it is not an id token"
    if "events" in claims:  # RFC 8417 2.2: a security event token, such as a logout token
        return "it is a logout or event token, not an id token"
    if not _meant_for(claims, audience):
        return "it has several audiences, and its claim azp is not OidcAudience"
    return None if _timely(claims, now) else "it is not valid at this time"


def _meant_for(claims: Mapping[str, object], audience: str) -> bool:
    """Whether a token for several audiences was issued to ours, as `azp` says.

    With a single audience `azp` may differ: Google sets it to the app that requested a token for its server.
    """
    named = claims.get("aud")
    several = isinstance(named, list) and any(name != audience for name in named)
    return not several or claims.get("azp") == audience


def _timely(claims: Mapping[str, object], now: float) -> bool:
    """Whether `nbf` and `iat` are past and `exp` is not, with LEEWAY_SECONDS for clocks that differ."""
    ends = claims.get("exp")
    started = all(_past(claims.get(claim, now), now) for claim in ("nbf", "iat"))
    return started and isinstance(ends, int | float) and ends > now - LEEWAY_SECONDS


def _past(at: object, now: float) -> bool:
    return isinstance(at, int | float) and at <= now + LEEWAY_SECONDS
