"""What is counted so that nobody asks too often, and which devices and addresses a subscriber has logged in from."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from switchboard.rate_limits.limits import Limit, Reserved


class RateLimits(Protocol):
    """Counters of login attempts, and of other requests."""

    def reserve(self, limit: Limit, expires_at: int) -> Reserved:
        """Count one attempt in advance, in one step, unless the limit is reached."""
        ...

    def release(self, key: str) -> None:
        """Uncount an attempt that did not fail."""
        ...

    def count_failure(self, key: str) -> None:
        """Let a reserved attempt stand as a failure."""
        ...


class FamiliarOrigins(Protocol):
    """The devices and addresses from which a subscriber has logged in, by keys of `limits.Attempt`."""

    def of(self, account: str, name: str) -> Mapping[str, int]:
        """Return what is remembered, with when each is forgotten (epoch seconds; it may be in the past)."""
        ...

    def remember(
        self, account: str, name: str, fresh: Sequence[str], forgotten: Sequence[str], expires_at: int
    ) -> None:
        """Remember the fresh ones until then and forget others, without undoing what another login remembers."""
        ...
