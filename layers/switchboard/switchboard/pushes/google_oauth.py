"""Google's OAuth for a service account (RFC 7523): fetches a token with one request and a time limit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from requests import Response, Session

from switchboard.foundation.aged_value import Fetched
from switchboard.foundation.clock import Clock
from switchboard.pushes.signed_jwt import signed_jwt

SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
AUDIENCE = "https://oauth2.googleapis.com/token"  # whatever the account's token_uri is, as Google's own library has it
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
TIMEOUT = (2.0, 3.0)  # seconds to connect, and for each read
_EARLY_SECONDS = 60  # a token is replaced this long before it expires, which leaves time for a second try
_LATEST_SECONDS = 10  # and never used later than this before its expiry: longer than a push takes
_LIFETIME_SECONDS = 3600  # the longest of an assertion, and of a token that does not say its own


class OAuthRefusedError(Exception):
    """The token endpoint returned no token; the message has its HTTP status and OAuth's error code."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(f"OAuth {status} {error}".strip())
        self.status = status


class ServiceAccountTokens:
    """Fetches access tokens for a service account, at the `token_uri` that its key file names."""

    def __init__(self, account: Mapping[str, Any], session: Session, clock: Clock, scope: str = SCOPE) -> None:
        """Take a service account key. Raises ValueError for anything else.

        Its key is not validated, which would take a fifth of a cold start: `switchboard setup` and `doctor` do that.
        With a damaged key Google refuses the signature: `invalid_grant`.
        """
        try:
            key = load_pem_private_key(account["private_key"].encode(), None, unsafe_skip_rsa_key_validation=True)
            texts = [account[name] for name in ("client_email", "token_uri", "project_id")]
        except (KeyError, TypeError, AttributeError, UnsupportedAlgorithm) as fault:
            raise ValueError("no service account key") from fault
        if not isinstance(key, RSAPrivateKey) or not all(text and isinstance(text, str) for text in texts):
            raise ValueError("no service account key")
        self._issuer, self._token_uri, self.project_id = texts
        self._key, self._key_id = key, account.get("private_key_id")
        self._session, self._clock, self._scope = session, clock, scope

    def fetch(self) -> Fetched[str]:
        """Fetch a token with one request. Raises OAuthRefusedError, requests' exceptions."""
        form = {"grant_type": GRANT, "assertion": self._assertion(int(self._clock()))}
        answer = self._session.post(self._token_uri, data=form, timeout=TIMEOUT, allow_redirects=False)
        fields = _fields(answer)
        token, stated = fields.get("access_token"), fields.get("expires_in")
        if answer.status_code != 200 or not isinstance(token, str):
            raise OAuthRefusedError(answer.status_code, str(fields.get("error", "")))
        rest = stated if isinstance(stated, int) else _LIFETIME_SECONDS
        return Fetched(token, rest - _EARLY_SECONDS, rest - _LATEST_SECONDS)

    def _assertion(self, now: int) -> str:
        header = {"alg": "RS256", "typ": "JWT"} | ({"kid": str(self._key_id)} if self._key_id else {})
        claims = {
            "iss": self._issuer,
            "aud": AUDIENCE,
            "scope": self._scope,
            "iat": now,
            "exp": now + _LIFETIME_SECONDS,
        }
        return signed_jwt(header, claims, lambda text: self._key.sign(text, PKCS1v15(), SHA256()))


def _fields(answer: Response) -> Mapping[str, Any]:
    try:
        fields = answer.json()
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}
