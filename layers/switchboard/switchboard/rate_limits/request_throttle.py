"""Bounds how often one subscriber may ask for one thing: an app that fails in a loop must not use up what all share."""

import hashlib
from dataclasses import dataclass

from switchboard.foundation.clock import Clock
from switchboard.foundation.errors import TooManyRequestsError
from switchboard.rate_limits.limits import Limit, Reserved
from switchboard.rate_limits.ports import RateLimits


@dataclass(frozen=True, slots=True)
class RequestThrottle:
    """At most `at_most` requests for `what` by each subscriber in a fixed window of `window_seconds`.

    It counts in the store that counts logins, with one write for each request.
    """

    attempts: RateLimits
    clock: Clock
    what: str
    at_most: int
    window_seconds: int

    def count(self, account: str, name: str) -> None:
        """Count one request of the subscriber's. Raises TooManyRequestsError with the seconds until the window ends."""
        now = int(self.clock())
        window = now // self.window_seconds
        ends = (window + 1) * self.window_seconds
        who = hashlib.sha256("\0".join((self.what, account, name, str(window))).encode()).hexdigest()
        if self.attempts.reserve(Limit(f"request#{who}", self.at_most), ends) is not Reserved.TAKEN:
            raise TooManyRequestsError(
                "too_many_requests", f"too many requests for {self.what}: try again later", retry_after=ends - now
            )
