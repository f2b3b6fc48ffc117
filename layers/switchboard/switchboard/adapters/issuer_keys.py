"""The public keys of an OIDC issuer: found by its discovery document, cached, renewed when it rotates them."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from switchboard.adapters.bounded_http import BoundedHttp
from switchboard.domain.deadline import Deadline
from switchboard.domain.errors import UpstreamError, UpstreamTimeoutError
from switchboard.ports.clock import Clock

FRESH_SECONDS = 3600
RENEW_SECONDS = 60  # the least time between two tries, so that made-up key ids cannot cause a fetch each
RETRY_SECONDS = 5

type Jwk = Mapping[str, Any]


class IssuerKeys:
    """Keys by id (`kid`). `clock` may be any clock in seconds."""

    def __init__(self, issuer: str, http: BoundedHttp, clock: Clock) -> None:
        self._issuer = issuer
        self._http = http
        self._clock = clock
        self._keys: list[Jwk] = []
        self._fetched_at = float("-inf")
        self._tried_at = float("-inf")

    def find(self, key_id: str | None, deadline: Deadline) -> Jwk | None:
        """Return the key of that id, or the only key for a token without one.

        An unknown id may be a new key's, so it causes a fetch, at most one in RENEW_SECONDS. Raises UpstreamError and
        UpstreamTimeoutError when there are no keys to look in.
        """
        if self._clock() - self._fetched_at >= FRESH_SECONDS:
            self._fetch(deadline)
        found = self._lookup(key_id)
        if found is None and self._clock() - self._tried_at >= RENEW_SECONDS:
            self._fetch(deadline)
            found = self._lookup(key_id)
        return found

    def _lookup(self, key_id: str | None) -> Jwk | None:
        if key_id is None:
            return self._keys[0] if len(self._keys) == 1 else None
        return next((key for key in self._keys if key.get("kid") == key_id), None)

    def _fetch(self, deadline: Deadline) -> None:
        self._tried_at = self._clock()
        document = self._json(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration", deadline)
        if document.get("issuer") != self._issuer:  # OpenID Connect Discovery 4.3
            raise _bad_answer("its discovery document is of another issuer")
        keys = self._json(str(document.get("jwks_uri", "")), deadline).get("keys")
        if not isinstance(keys, list):
            raise _bad_answer("its key set has no keys")
        self._keys = [key for key in keys if isinstance(key, dict) and key.get("use", "sig") == "sig"]
        self._fetched_at = self._clock()

    def _json(self, url: str, deadline: Deadline) -> Mapping[str, Any]:
        if not _trustworthy(url):
            raise _bad_answer("its addresses must be https")
        try:
            answer = self._http.send("GET", url, deadline)
            body = json.loads(answer.body) if answer.status == 200 else None
        except httpx.TimeoutException:
            message = "the identity issuer did not answer in time: try again"
            raise UpstreamTimeoutError("issuer_timeout", message, retry_after=RETRY_SECONDS) from None
        except (httpx.TransportError, httpx.DecodingError, httpx.InvalidURL, ValueError, RecursionError):
            body = None
        if not isinstance(body, dict):
            message = "the identity issuer's keys cannot be had: check OidcIssuer, or try again"
            raise UpstreamError("issuer_unavailable", message, retry_after=RETRY_SECONDS)
        return body


def _bad_answer(what: str) -> UpstreamError:
    return UpstreamError("issuer_bad_answer", f"the identity issuer cannot be used: {what}; check OidcIssuer")


def _trustworthy(url: str) -> bool:
    """Keys over plain http could be anybody's; on this machine itself they cannot."""
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname == "127.0.0.1")
    except ValueError:
        return False
