"""Limits password guessing: each attempt is reserved before the password is checked.

Counting after the check would let any number of concurrent guesses through.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from switchboard.foundation.clock import Clock
from switchboard.foundation.errors import ForbiddenError, TooManyRequestsError
from switchboard.rate_limits.limits import (
    FAMILIAR_SECONDS,
    Attempt,
    Limit,
    Reserved,
    limits,
    to_forget,
    to_remember,
    window_end,
)
from switchboard.rate_limits.ports import FamiliarOrigins, RateLimits

WAIT_SECONDS = 0.05  # a password check takes about as long
WAITS = 40  # for attempts in progress, two seconds in all


@dataclass(frozen=True, slots=True)
class LoginThrottle:
    """Limits failed logins; see rate_limits/limits.py for how many."""

    attempts: RateLimits
    familiar: FamiliarOrigins
    clock: Clock
    sleep: Callable[[float], None]

    @contextmanager
    def attempt(self, who: Attempt) -> Iterator[None]:
        """Run the password check inside: a ForbiddenError from it counts as a failure, nothing else does.

        Raises TooManyRequestsError, without running it, when there were too many failures.
        """
        now = self.clock()
        familiar = self.familiar.of(who.account, who.name)
        taken = self._reserve(limits(who, familiar, now), now)
        try:
            yield
        except ForbiddenError:
            for limit in taken:
                self.attempts.count_failure(limit.key)
            raise
        except Exception:
            self._release(taken)
            raise
        self._release(taken)
        if fresh := to_remember(who, familiar, now):
            expires_at = int(now) + FAMILIAR_SECONDS
            self.familiar.remember(who.account, who.name, fresh, to_forget(fresh, familiar), expires_at)

    def _reserve(self, wanted: tuple[Limit, ...], now: float) -> list[Limit]:
        taken: list[Limit] = []
        for limit in wanted:
            reserved = self._place(limit, window_end(now))
            if reserved is not Reserved.TAKEN:
                self._release(taken)
                rest = window_end(now) - int(now) if reserved is Reserved.FULL else 1
                raise TooManyRequestsError(
                    "too_many_logins", "too many failed logins: try again later", retry_after=rest
                )
            taken.append(limit)
        return taken

    def _place(self, limit: Limit, expires_at: int) -> Reserved:
        """Reserve an attempt; while the limit is BUSY, wait for the attempts in progress to succeed or fail."""
        reserved = self.attempts.reserve(limit, expires_at)
        for _ in range(WAITS):
            if reserved is not Reserved.BUSY:
                break
            self.sleep(WAIT_SECONDS)
            reserved = self.attempts.reserve(limit, expires_at)
        return reserved

    def _release(self, taken: list[Limit]) -> None:
        for limit in taken:
            self.attempts.release(limit.key)
