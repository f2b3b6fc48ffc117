"""Limits a subscriber's requests, so that an app that fails in a loop cannot exhaust a quota that all users share."""

import hashlib
from dataclasses import dataclass

from switchboard.foundation.clock import Clock
from switchboard.foundation.errors import TooManyRequestsError
from switchboard.rate_limits.limits import Limit, Reserved
from switchboard.rate_limits.ports import RateLimits


@dataclass(frozen=True, slots=True)
class RequestThrottle:
    """Allows each subscriber `at_most` requests for `what` in a fixed window of `window_seconds`.

    Each request is one write to the store that also counts logins.
    """

    attempts: RateLimits
    clock: Clock
    what: str
    at_most: int
    window_seconds: int

    def count(self, account: str, name: str) -> None:
        """Count a request of the subscriber. Raises TooManyRequestsError with the seconds until the window ends."""
        now = int(self.clock())
        window = now // self.window_seconds
        ends = (window + 1) * self.window_seconds
        who = hashlib.sha256("\0".join((self.what, account, name, str(window))).encode()).hexdigest()
        if self.attempts.reserve(Limit(f"request#{who}", self.at_most), ends) is not Reserved.TAKEN:
            raise TooManyRequestsError(
                "too_many_requests", f"too many requests for {self.what}: try again later", retry_after=ends - now
            )
