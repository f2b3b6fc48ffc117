"""Ports for rate limits, and for the devices and addresses from which a subscriber has logged in."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from switchboard.rate_limits.limits import Limit, Reserved


class RateLimits(Protocol):
    """Counters of login attempts, and of other requests."""

    def reserve(self, limit: Limit, expires_at: int) -> Reserved:
        """Count one attempt in advance, in one step, unless the limit is reached."""
        ...

    def release(self, key: str) -> None:
        """Subtract an attempt that did not fail."""
        ...

    def count_failure(self, key: str) -> None:
        """Record that a reserved attempt failed."""
        ...


class FamiliarOrigins(Protocol):
    """The devices and addresses from which a subscriber has logged in, by keys of `limits.Attempt`."""

    def of(self, account: str, name: str) -> Mapping[str, int]:
        """Return the stored origins with their expiry (epoch seconds; it may be in the past)."""
        ...

    def remember(
        self, account: str, name: str, fresh: Sequence[str], forgotten: Sequence[str], expires_at: int
    ) -> None:
        """Store `fresh` until `expires_at` and remove `forgotten`; concurrent logins do not undo each other."""
        ...
