"""APNs' provider token: the same bytes in every process, so that a fleet needs no store for it (contract 6)."""

from threading import Lock

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from switchboard.pushes.signed_jwt import signed_jwt

PERIOD_SECONDS = 1800  # Apple refuses tokens that are older than 60 minutes, and new ones within 20
RENEWED_SECONDS = 60  # the precision of a token that is signed anew within a period


class ProviderTokens:
    """Signs a team's tokens. Its time of issue is the beginning of a half hour, and its signature deterministic."""

    def __init__(self, key: str, key_id: str, team_id: str) -> None:
        """Take a P-256 key in PEM. Raises ValueError for anything else."""
        loaded = load_pem_private_key(key.encode(), password=None)
        if not isinstance(loaded, ec.EllipticCurvePrivateKey) or not isinstance(loaded.curve, ec.SECP256R1):
            raise ValueError("no P-256 key")
        self._key, self._key_id, self._team_id = loaded, key_id, team_id
        self._lock = Lock()
        self._period, self._token = -1, ""

    def token(self, now: float) -> str:
        """Return the token of the current half hour; `now` in epoch seconds."""
        period = int(now) // PERIOD_SECONDS
        with self._lock:
            if period != self._period:
                self._period, self._token = period, self._signed(period * PERIOD_SECONDS)
            return self._token

    def renewed(self, refused: str, now: float) -> str:
        """Return another token than `refused`, which expired by Apple's clock: ours is behind, so its age counts."""
        with self._lock:
            if self._token == refused:
                self._token = self._signed(int(now) // RENEWED_SECONDS * RENEWED_SECONDS)
            return self._token

    def _signed(self, issued_at: int) -> str:
        header = {"alg": "ES256", "kid": self._key_id}
        return signed_jwt(header, {"iss": self._team_id, "iat": issued_at}, self._signature)

    def _signature(self, text: bytes) -> bytes:
        """Return an RFC 6979 signature as ES256 has it: its two numbers and not DER."""
        der = self._key.sign(text, ec.ECDSA(SHA256(), deterministic_signing=True))
        return b"".join(number.to_bytes(32, "big") for number in decode_dss_signature(der))
