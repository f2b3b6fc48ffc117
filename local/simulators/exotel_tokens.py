"""Subscriber tokens in Exotel's form: two signed JWTs, bound to one subscriber and one device."""

import secrets
import time

import jwt

ACCESS_SECONDS = 30 * 60
REFRESH_SECONDS = 24 * 60 * 60
PLATFORMS = ("android", "ios")


class SubscriberTokens:
    """Issues token pairs signed with its own key, and verifies them for tests."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def issue(self, account: str, subscriber: str, device_id: str, platform: str) -> dict[str, str]:
        """`{"refresh_token", "access_token"}`, valid for 24 hours and 30 minutes (Subscriber API)."""
        now = int(time.time())
        claims = {"iss": "exotel", "account_sid": account, "sub": subscriber, "iat": now}
        claims |= {"device_id": device_id, "platform": platform}
        return {
            "refresh_token": self._sign(claims, "refresh", now + REFRESH_SECONDS),
            "access_token": self._sign(claims, "access", now + ACCESS_SECONDS),
        }

    def read(self, token: str) -> dict[str, object]:
        """Return the claims of a token issued here; raises jwt.InvalidTokenError."""
        return jwt.decode(token, self._key, algorithms=["HS256"])

    def _sign(self, claims: dict[str, object], kind: str, expires: int) -> str:
        own = {"typ": kind, "exp": expires, "jti": secrets.token_hex(8)}
        return jwt.encode(claims | own, self._key, algorithm="HS256")
