"""What makes a signed token an id token for us: what it is, for whom, and when (OpenID Connect Core 3.1.3.7)."""

from collections.abc import Mapping

LEEWAY_SECONDS = 30  # clocks differ
# Keycloak's `typ` and Cognito's `token_use`; issuers have no such claim in common
_KINDS = {"typ": ("id", "jwt"), "token_use": ("id",)}


def wrong_type(header: Mapping[str, object]) -> str | None:
    """Return why a token with this header is no id token, None where it may be one.

    Access tokens are `at+jwt` (RFC 9068 2.1), logout tokens `logout+jwt` (OpenID Connect Back-Channel Logout 2.4), and
    further kinds will have further types (RFC 8725 3.11); an id token is a `JWT` or says nothing.
    """
    kind = header.get("typ", "JWT")
    if isinstance(kind, str) and kind.lower().removeprefix("application/") == "jwt":
        return None
    return "its header's typ is another than JWT: send the id token, not an access or logout token"


def refusal(claims: Mapping[str, object], audience: str, now: float) -> str | None:
    """Return why signed claims are no id token for `audience` at `now` (epoch seconds), None where they are one."""
    for claim, kinds in _KINDS.items():
        if str(claims.get(claim, kinds[0])).lower() not in kinds:
            return f"its claim {claim} says that it is no id token"
    if "events" in claims:  # RFC 8417 2.2: it tells of an event, a logout for example
        return "it is a logout or event token, no id token"
    if not _meant_for(claims, audience):
        return "it has several audiences, and its claim azp is not OidcAudience"
    return None if _timely(claims, now) else "it is not valid at this time"


def _meant_for(claims: Mapping[str, object], audience: str) -> bool:
    """Whether a token for several audiences was issued to ours.

    In a token for ours alone `azp` may be another: Google's names the app, which asked for a token for its server.
    """
    named = claims.get("aud")
    several = isinstance(named, list) and any(name != audience for name in named)
    return not several or claims.get("azp") == audience


def _timely(claims: Mapping[str, object], now: float) -> bool:
    """Whether it has begun, was issued in the past and has not ended, by clocks that differ a little."""
    ends = claims.get("exp")
    started = all(_past(claims.get(claim, now), now) for claim in ("nbf", "iat"))
    return started and isinstance(ends, int | float) and ends > now - LEEWAY_SECONDS


def _past(at: object, now: float) -> bool:
    return isinstance(at, int | float) and at <= now + LEEWAY_SECONDS
