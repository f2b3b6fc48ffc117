"""The public keys of an OIDC issuer: found through its discovery document, cached, fetched again after a rotation."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import httpx

from switchboard.exotel.bounded_http import BoundedHttp
from switchboard.foundation.aged_value import AgedValue, Fetched
from switchboard.foundation.clock import Clock
from switchboard.foundation.deadline import Deadline
from switchboard.foundation.errors import UpstreamError, UpstreamTimeoutError
from switchboard.login.key_sets import PublicKey, signing_keys

FRESH_SECONDS = 3600
GOOD_SECONDS = 24 * 3600  # how long cached keys are used while the issuer cannot be reached
RENEW_SECONDS = 30  # the minimum time between two fetches, so that forged tokens do not cause one each
FAILURE_SECONDS = 30  # no fetch in this time after a failure
FETCH_SECONDS = 3.0  # for both documents; Exotel's API needs the rest of a login's time


class IssuerKeys:
    """The issuer's signing keys, in the order in which it publishes them."""

    def __init__(self, issuer: str, http: BoundedHttp, clock: Clock) -> None:
        self._issuer = issuer
        self._http = http
        self._held: AgedValue[Sequence[PublicKey]] = AgedValue(clock, FAILURE_SECONDS)

    def known(self, deadline: Deadline) -> Sequence[PublicKey]:
        """Return the keys, fetched at most FRESH_SECONDS ago, or GOOD_SECONDS while the issuer fails.

        Raises UpstreamError and UpstreamTimeoutError if there are none.
        """
        return self._held.get(lambda: self._fetch(deadline))

    def renewed(self, deadline: Deadline) -> Sequence[PublicKey]:
        """Return the keys, fetched at most RENEW_SECONDS ago: for a token that none of the cached keys verifies."""
        return self._held.get(lambda: self._fetch(deadline), RENEW_SECONDS)

    def _fetch(self, deadline: Deadline) -> Fetched[Sequence[PublicKey]]:
        deadline = deadline.within(FETCH_SECONDS)
        document = self._json(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration", deadline)
        if document.get("issuer") != self._issuer:  # OpenID Connect Discovery 4.3
            raise _bad_answer("its discovery document names another issuer")
        keys = self._json(str(document.get("jwks_uri", "")), deadline).get("keys")
        if not isinstance(keys, list):
            raise _bad_answer("its key set has no keys")
        return Fetched(signing_keys(keys), FRESH_SECONDS, GOOD_SECONDS)

    def _json(self, url: str, deadline: Deadline) -> Mapping[str, Any]:
        if not _trustworthy(url):
            raise _bad_answer("its addresses must be https")
        try:
            answer = self._http.send("GET", url, deadline)
            body = json.loads(answer.body) if answer.status == 200 else None
        except httpx.TimeoutException:
            message = "the identity issuer did not answer in time: try again"
            raise UpstreamTimeoutError("issuer_timeout", message, retry_after=FAILURE_SECONDS) from None
        except (httpx.TransportError, httpx.DecodingError, httpx.InvalidURL, ValueError, RecursionError):
            body = None
        if not isinstance(body, dict):
            message = "the identity issuer's keys cannot be fetched: check OidcIssuer, or try again"
            raise UpstreamError("issuer_unavailable", message, retry_after=FAILURE_SECONDS)
        return body


def _bad_answer(what: str) -> UpstreamError:
    return UpstreamError("issuer_bad_answer", f"the identity issuer cannot be used: {what}; check OidcIssuer")


def _trustworthy(url: str) -> bool:
    """Whether keys may be fetched from the URL: https, or http on this machine, where nobody can replace them."""
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname == "127.0.0.1")
    except ValueError:
        return False
