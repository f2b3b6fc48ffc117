"""Parses Exotel's responses, and turns each error into one that tells the operator what to do."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from typing import Any

from switchboard.exotel.bounded_http import HttpAnswer
from switchboard.exotel.tokens import SubscriberToken
from switchboard.foundation.errors import SwitchboardError, UnavailableError, UpstreamError, UpstreamTimeoutError

ACCESS_SECONDS = 30 * 60  # Subscriber API: the tokens' lifetimes, used if a token has no readable `exp`
REFRESH_SECONDS = 24 * 3600
RETRY_SECONDS = 5
RATE_LIMITED_SECONDS = 60  # Exotel's other APIs have limits per minute
LONGEST_RETRY_SECONDS = 3600
_REASONS = {  # Integration guide 9.3
    400: ("exotel_bad_name", "Exotel refused the request as malformed: check the subscriber's name"),
    401: ("exotel_credentials", "Exotel refused our credentials: check the account's API key and token"),
    403: ("exotel_voip_disabled", "Exotel refused the account: VoIP is not enabled on it"),
}


def refusal(status: int, retry_after: str = "") -> SwitchboardError:
    """Return the error for a status other than 2xx and 404, from HTTP or from inside the envelope."""
    if status in _REASONS:
        return UpstreamError(*_REASONS[status])
    if status == 429:
        wait = _seconds(retry_after, RATE_LIMITED_SECONDS)
        return UnavailableError(
            "exotel_rate_limited", "Exotel's rate limit is exceeded: try again later", retry_after=wait
        )
    if status >= 500:
        return unreachable(_seconds(retry_after, RETRY_SECONDS))
    return bad_answer()


def timed_out() -> UpstreamTimeoutError:
    """Return the error for a timeout of Exotel's API."""
    return UpstreamTimeoutError("exotel_timeout", "Exotel did not answer in time: try again", retry_after=RETRY_SECONDS)


def unreachable(retry_after: int = RETRY_SECONDS) -> UpstreamError:
    """Return the error for an Exotel API that is not reachable or answers 5xx."""
    return UpstreamError(
        "exotel_unavailable", "Exotel does not answer at this moment: try again", retry_after=retry_after
    )


def bad_answer() -> UpstreamError:
    """Return the error for an unusable response: not JSON, truncated, or without a required field."""
    return UpstreamError("exotel_bad_answer", "Exotel's answer could not be read: check the account's api_host")


def response_of(answer: HttpAnswer) -> Mapping[str, Any]:
    """Return the envelope's one `response` object. Raises UpstreamError."""
    response = _envelope(answer)
    if not isinstance(response, dict):
        raise bad_answer()
    return response


def entries(answer: HttpAnswer) -> Sequence[Mapping[str, Any]]:
    """Return the entries of a bulk answer (HTTP 207), at least one. Raises UpstreamError."""
    response = _envelope(answer)
    if not isinstance(response, list) or not response or not all(isinstance(entry, dict) for entry in response):
        raise bad_answer()
    return response


def subscriber_token(response: Mapping[str, Any], now: int) -> SubscriberToken:
    """Return both tokens of a subscriber-token response. Raises UpstreamError if one is missing."""
    code = response.get("code", 200)
    if code != 200:
        raise refusal(code if isinstance(code, int) else 0)
    try:
        tokens = response["data"]["subscriber_token"]
        access, refresh = tokens["access_token"], tokens["refresh_token"]
    except (KeyError, TypeError):
        raise bad_answer() from None
    if not all(isinstance(token, str) and token and token.isascii() for token in (access, refresh)):
        raise bad_answer()
    return SubscriberToken(
        access, refresh, _expiry(access, now + ACCESS_SECONDS), _expiry(refresh, now + REFRESH_SECONDS)
    )


def _envelope(answer: HttpAnswer) -> object:
    try:
        envelope = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise bad_answer() from None
    return envelope.get("response") if isinstance(envelope, dict) else None


def _expiry(token: str, otherwise: int) -> int:
    """Return a JWT's `exp`, unverified: Exotel verifies the token; the app only needs to know when to renew it."""
    try:
        part = token.split(".")[1]
        expiry = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))["exp"]
        return int(expiry)
    except (IndexError, KeyError, TypeError, ValueError, OverflowError, RecursionError, binascii.Error):
        return otherwise


def _seconds(retry_after: str, otherwise: int) -> int:
    """Return a Retry-After in seconds, within limits; `otherwise` for anything else, its date form included."""
    return (
        min(max(1, int(retry_after)), LONGEST_RETRY_SECONDS)
        if retry_after.isascii() and retry_after.isdigit()
        else otherwise
    )
