"""Google's OAuth for a service account: fetches a token with one request and a time limit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any, NamedTuple

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from google.auth import crypt, transport
from google.oauth2 import service_account
from requests import Response, Session

from switchboard.foundation.aged_value import Fetched
from switchboard.foundation.clock import Clock

SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
TIMEOUT = (2.0, 3.0)  # seconds to connect, and for each read
_EARLY_SECONDS = 60  # a token is replaced this long before it expires, which leaves time for a second try
_LATEST_SECONDS = 10  # and never used later than this before its expiry: longer than a push takes
_LIFETIME_SECONDS = 3600  # of a token without a stated expiry; Google's default


class OAuthRefusedError(Exception):
    """The token endpoint returned no token; the message has its HTTP status and OAuth's error code."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(f"OAuth {status} {error}".strip())
        self.status = status


class ServiceAccountTokens:
    """Fetches access tokens for a service account, at the `token_uri` that its key file names."""

    def __init__(self, account: Mapping[str, Any], session: Session, clock: Clock) -> None:
        """Take a service account key. Raises ValueError for anything else."""
        self.credentials = _credentials(account)
        self._transport = _OneRequest(session)
        self._clock = clock

    def fetch(self) -> Fetched[str]:
        """Fetch a token with one request. Raises OAuthRefusedError, requests' exceptions."""
        self.credentials.refresh(self._transport)  # type: ignore[no-untyped-call]
        expiry = self.credentials.expiry
        rest = expiry.replace(tzinfo=UTC).timestamp() - self._clock() if expiry else _LIFETIME_SECONDS
        return Fetched(str(self.credentials.token), rest - _EARLY_SECONDS, rest - _LATEST_SECONDS)


def _credentials(account: Mapping[str, Any]) -> service_account.Credentials:
    """Return the account's credentials. Its key is not validated, which would take a fifth of a cold start.

    `switchboard setup` and `doctor` do that. With a damaged key Google refuses the signature: `invalid_grant`.
    """
    try:
        key = load_pem_private_key(account["private_key"].encode(), None, unsafe_skip_rsa_key_validation=True)
        given = (account["client_email"], account["token_uri"])
    except (KeyError, TypeError, AttributeError, UnsupportedAlgorithm) as fault:
        raise ValueError("no service account key") from fault
    if not isinstance(key, RSAPrivateKey) or not all(isinstance(text, str) for text in given):
        raise ValueError("no service account key")
    signer = crypt.RSASigner(key, account.get("private_key_id"))  # type: ignore[no-untyped-call]
    return service_account.Credentials(  # type: ignore[no-untyped-call]
        signer, *given, scopes=[SCOPE], project_id=account.get("project_id")
    )


class _OneRequest(transport.Request):
    """google-auth's HTTP transport. An error response is raised at once, because google-auth would sleep and retry."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: object = None,  # noqa: ARG002 ours is the limit
        **_options: object,
    ) -> _Answer:
        answer = self._session.request(method, url, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False)
        fields = _fields(answer)
        if answer.status_code != 200 or "access_token" not in fields:
            raise OAuthRefusedError(answer.status_code, str(fields.get("error", "")))
        return _Answer(answer.status_code, answer.headers, answer.content)


class _Answer(NamedTuple):
    """The parts of an HTTP response that google-auth reads."""

    status: int
    headers: Mapping[str, str]
    data: bytes


def _fields(answer: Response) -> Mapping[str, Any]:
    try:
        fields = answer.json()
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}
