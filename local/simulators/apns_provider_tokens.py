"""Apple's checks of a provider token: key, signature, age, and how often a team makes a new one."""

import threading
import time
from collections.abc import Callable, Mapping

import jwt

from local.simulators.apns_account import ApnsAccount

OLDEST_SECONDS = 3600
RENEWAL_SECONDS = 20 * 60  # Apple: at most one new token in this time
SKEW_SECONDS = 60


class ProviderTokens:
    """Checks tokens of one team; `seen` are the different ones of the last RENEWAL_SECONDS, for all its keys."""

    def __init__(self, account: ApnsAccount, clock: Callable[[], float] = time.time) -> None:
        self._account, self._clock = account, clock
        self._lock = threading.Lock()
        self.seen: dict[str, float] = {}
        self._verified: dict[str, Mapping[str, object]] = {}

    def refusal(self, authorization: str) -> tuple[int, str] | None:
        """Return Apple's status and reason for an Authorization header that it refuses, else None."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            return 403, "MissingProviderToken"
        claims = self._verified.get(token) or self._claims(token)
        issued_at = claims.get("iat") if claims else None
        if claims is None or claims.get("iss") != self._account.team_id or not isinstance(issued_at, int):
            return 403, "InvalidProviderToken"
        self._verified[token] = claims
        now = self._clock()
        if issued_at > now + SKEW_SECONDS:
            return 403, "InvalidProviderToken"
        if issued_at < now - OLDEST_SECONDS:
            return 403, "ExpiredProviderToken"
        return (429, "TooManyProviderTokenUpdates") if self._too_many(token, now) else None

    def _claims(self, token: str) -> Mapping[str, object] | None:
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") != "ES256" or header.get("kid") != self._account.key_id:
                return None
            options = {"verify_iat": False, "verify_aud": False}
            return jwt.decode(token, self._account.public_key_pem, algorithms=["ES256"], options=options)  # type: ignore[arg-type]
        except jwt.InvalidTokenError:
            return None

    def _too_many(self, token: str, now: float) -> bool:
        """Remember the token; whether it is the third in RENEWAL_SECONDS: two can meet when a period ends."""
        with self._lock:
            self.seen = {known: at for known, at in self.seen.items() if at > now - RENEWAL_SECONDS}
            if token not in self.seen and len(self.seen) >= 2:
                return True
            self.seen.setdefault(token, now)
            return False
