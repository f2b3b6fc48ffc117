"""Password hashes: argon2id with OWASP's minimum parameters (Password Storage Cheat Sheet)."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from switchboard.foundation.typed_text import composed

_MEMORY_KIB = 19 * 1024
_PASSES = 2
_LANES = 1


class Argon2Passwords:
    """Implements Passwords. Every password is normalised before it is hashed or verified."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=_LANES)
        # Verified if a user has no hash, so that the response takes the same time: 16 bytes of salt, a hash of zeros.
        self._dummy_hash = f"$argon2id$v=19$m={_MEMORY_KIB},t={_PASSES},p={_LANES}${'A' * 22}${'A' * 43}"

    def hash(self, password: str) -> str:
        """Return a salted hash in argon2's own text form, about 100 characters."""
        return self._hasher.hash(composed(password))

    def verify(self, password: str, password_hash: str | None) -> bool:
        """Return whether the password matches; without a hash return False, after the same work."""
        try:
            matches = self._hasher.verify(password_hash or self._dummy_hash, composed(password))
        except (VerificationError, InvalidHashError):
            return False
        return matches and password_hash is not None
