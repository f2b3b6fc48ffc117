"""Limits a subscriber's requests, so that an app that fails in a loop cannot exhaust a quota that all users share."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field

from switchboard.foundation.clock import Clock
from switchboard.foundation.errors import TooManyRequestsError
from switchboard.rate_limits.limits import Limit, Reserved
from switchboard.rate_limits.ports import RateLimits


@dataclass(slots=True)
class FirstFew:
    """Counts requests in this environment: of each subscriber's in a window, the first `most` need no write.

    It holds one window's subscribers, so it does not grow.
    """

    most: int = 0
    _window: int = -1
    _counts: Counter[str] = field(default_factory=Counter)

    def has(self, who: str, window: int) -> bool:
        """Count a request of `who`; return whether it is one of the first."""
        if window != self._window:
            self._window = window
            self._counts.clear()
        self._counts[who] += 1
        return self._counts[who] <= self.most


@dataclass(frozen=True, slots=True)
class RequestThrottle:
    """Allows each subscriber `at_most` requests for `what` in a fixed window of `window_seconds`.

    Each request is one write to the store that also counts logins, except for those that `first` counts. Each
    environment can let as many through beyond the limit as it counts by itself (docs/decisions/0057).
    """

    attempts: RateLimits
    clock: Clock
    what: str
    at_most: int
    window_seconds: int
    first: FirstFew = field(default_factory=FirstFew)

    def count(self, account: str, name: str) -> None:
        """Count a request of the subscriber. Raises TooManyRequestsError with the seconds until the window ends."""
        now = int(self.clock())
        window = now // self.window_seconds
        ends = (window + 1) * self.window_seconds
        who = hashlib.sha256("\0".join((self.what, account, name, str(window))).encode()).hexdigest()
        if self.first.has(who, window):
            return
        if self.attempts.reserve(Limit(f"request#{who}", self.at_most), ends) is not Reserved.TAKEN:
            raise TooManyRequestsError(
                "too_many_requests", f"too many requests for {self.what}: try again later", retry_after=ends - now
            )
