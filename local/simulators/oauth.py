"""Google's OAuth token endpoint for service accounts (RFC 7523)."""

import asyncio
import secrets
import threading
import time

import jwt
from aiohttp import web

from local.simulators.faults import Fault, Faults
from local.simulators.service_account import ServiceAccount

# The audience that Google's own library signs for, whatever token_uri is.
GOOGLE_TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
CLOUD_PLATFORM = "https://www.googleapis.com/auth/cloud-platform"
SCOPES = {"https://www.googleapis.com/auth/firebase.messaging", CLOUD_PLATFORM}
LIFETIME_SECONDS = 3600


class OAuthSimulator:
    """Exchanges signed assertions of one service account for Bearer tokens. `issued` counts the tokens."""

    def __init__(self, account: ServiceAccount, faults: Faults) -> None:
        self._account, self._faults = account, faults
        self._lock = threading.Lock()
        self._expiries: dict[str, float] = {}
        self._scopes: dict[str, str] = {}

    @property
    def issued(self) -> int:
        """How many tokens were issued so far."""
        return len(self._expiries)

    def accepts(self, bearer: str, scope: str = "") -> bool:
        """Whether a token was issued here, for that scope, and has not expired."""
        return self._expiries.get(bearer, 0) > time.time() and scope in self._scopes[bearer]

    def revoke_all(self) -> None:
        """Make all issued tokens invalid, as a key rotation does."""
        with self._lock:
            self._expiries = dict.fromkeys(self._expiries, 0)

    async def token(self, request: web.Request) -> web.Response:
        """Answer `POST /token`."""
        fault = self._faults.take("fcm-oauth")
        if fault:
            await asyncio.sleep(fault.delay_ms / 1000)
        if fault and fault.answer_status:
            return _failure(fault, fault.answer_status)
        form = await request.post()
        try:
            scopes = self._check(str(form.get("grant_type", "")), str(form.get("assertion", "")))
        except ValueError as reason:
            return web.json_response({"error": "invalid_grant", "error_description": str(reason)}, status=400)
        token = f"ya29.{secrets.token_urlsafe(96)}"
        with self._lock:
            self._scopes[token] = scopes
            self._expiries[token] = time.time() + LIFETIME_SECONDS
        return web.json_response({"access_token": token, "expires_in": LIFETIME_SECONDS - 1, "token_type": "Bearer"})

    def _check(self, grant: str, assertion: str) -> str:
        """Return the scopes. Raises ValueError unless the assertion is this account's, for this endpoint."""
        if grant != GRANT:
            raise ValueError("unsupported grant type")
        try:
            claims = jwt.decode(
                assertion,
                self._account.public_key_pem,
                algorithms=["RS256"],
                audience=[self._account.token_uri, GOOGLE_TOKEN_URI],
                issuer=self._account.client_email,
                options={"require": ["iat", "exp"]},
            )
        except jwt.InvalidTokenError as error:
            raise ValueError(f"Invalid JWT: {error}") from error
        if claims["exp"] - claims["iat"] > LIFETIME_SECONDS:
            raise ValueError("Invalid JWT: the token must be short-lived (60 minutes)")
        scopes = str(claims.get("scope", ""))
        if not SCOPES & set(scopes.split()):
            raise ValueError("Invalid OAuth scope or ID token audience provided.")
        return scopes


def _failure(fault: Fault, status: int) -> web.Response:
    body = {"error": fault.error_code or "internal_failure", "error_description": "a fault was set for this answer"}
    headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    return web.json_response(body, status=status, headers=headers)
