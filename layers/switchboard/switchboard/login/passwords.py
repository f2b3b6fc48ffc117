"""Passwords by argon2id with OWASP's minimum: 19 MiB of memory, two passes, one lane (Password Storage Cheat Sheet)."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from switchboard.foundation.typed_text import composed

_MEMORY_KIB = 19 * 1024
_PASSES = 2
_LANES = 1


class Argon2Passwords:
    """Implements ports.login.Passwords. It composes every password, those set and those tried."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=_LANES)
        # Nobody's: 16 bytes of salt and a hash of zeros, so that a name without a hash costs the same work.
        self._dummy_hash = f"$argon2id$v=19$m={_MEMORY_KIB},t={_PASSES},p={_LANES}${'A' * 22}${'A' * 43}"

    def hash(self, password: str) -> str:
        """Return a salted hash in argon2's own text form, about 100 characters."""
        return self._hasher.hash(composed(password))

    def verify(self, password: str, password_hash: str | None) -> bool:
        """Return whether the password is the one; without a hash False, after the same work."""
        try:
            matches = self._hasher.verify(password_hash or self._dummy_hash, composed(password))
        except (VerificationError, InvalidHashError):
            return False
        return matches and password_hash is not None
