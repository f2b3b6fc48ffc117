"""A cache of one value that expires, shared by all threads: a secret, a token, a key set. One thread refreshes it."""

from collections.abc import Callable
from threading import Lock
from typing import NamedTuple

from switchboard.foundation.clock import Clock

FAILURE_SECONDS = 1.0  # how long a failed fetch is reported to the waiting threads, so that they do not fetch in turn
AGAIN_SECONDS = 30.0  # between two fetches while the cached value may still be used, or after two refusals in a row
_EARLIEST = 1_000_000_000  # epoch seconds, in 2001; a monotonic clock, which starts at boot, shows less
_ALWAYS = float("inf")


class Fetched[T](NamedTuple):
    """A value that is used without a fetch for `fresh_seconds`, and for `good_seconds` while fetches fail.

    `at` is when its fetch began, in epoch seconds; the cache sets it.
    """

    value: T
    fresh_seconds: float
    good_seconds: float = 0.0
    at: float = -_ALWAYS


class AgedValue[T]:
    """Fetches once the value is no longer fresh, in one thread at a time; others wait, or use a value still good.

    A failure is cached for `failure_seconds`, or for AGAIN_SECONDS if the value is still good: no fetch in that time.
    """

    def __init__(self, clock: Clock, failure_seconds: float = FAILURE_SECONDS) -> None:
        """Take a clock of epoch seconds; raises ValueError for any other.

        Lambda stops the monotonic clock between two requests, so by that clock a value would not expire for days.
        """
        if clock() < _EARLIEST:
            raise ValueError("the clock must return epoch seconds: Lambda stops the monotonic clock between requests")
        self._clock = clock
        self._failure_seconds = failure_seconds
        self._lock = Lock()
        self._held: Fetched[T] | None = None
        self._failure: Exception | None = None
        self._failed_at = self._renewed_at = -_ALWAYS

    def get(self, fetch: Callable[[], Fetched[T]], max_age: float = _ALWAYS) -> T:
        """Return the value; fetch it first if it is no longer fresh or older than `max_age` seconds.

        Raises the error of `fetch`, or the cached one, if no value is still good.
        """
        held = self._held
        if held is not None and (self._fresh(held, max_age) or (self._lock.locked() and self._good(held))):
            return held.value
        with self._lock:
            held = self._held
            if held is not None and self._fresh(held, max_age):
                return held.value
            if held is None or not self._good(held):
                return self._fetched(fetch, self._failure_seconds)
            try:
                return self._fetched(fetch, AGAIN_SECONDS)
            except Exception:  # of any kind: the old value is still good
                return held.value

    def renew(self, fetch: Callable[[], Fetched[T]], refused: T) -> T:
        """Return a newer value than `refused`: one that another thread has fetched since, or one fetched now.

        If a refused value was replaced less than AGAIN_SECONDS ago, returns the cached value, even if it is `refused`:
        a server that refuses new values as well must not cause a fetch per request.
        """
        with self._lock:
            lately = 0 <= self._clock() - self._renewed_at < AGAIN_SECONDS
            if self._held is not None and (lately or self._held.value != refused):
                return self._held.value
            value = self._fetched(fetch, self._failure_seconds)
            self._renewed_at = self._clock()
            return value

    def _fresh(self, held: Fetched[T], max_age: float) -> bool:
        """Whether it needs no fetch. After the clock was set back, a value from its future is not fresh."""
        return 0 <= self._clock() - held.at < min(held.fresh_seconds, max_age)

    def _good(self, held: Fetched[T]) -> bool:
        return abs(self._clock() - held.at) < held.good_seconds

    def _fetched(self, fetch: Callable[[], Fetched[T]], pause: float) -> T:
        if self._failure is not None and 0 <= self._clock() - self._failed_at < pause:
            raise self._failure.with_traceback(None)  # else each raise would lengthen its traceback
        began = self._clock()  # Lambda may freeze a function during the fetch: the value is as old as the request
        try:
            fetched = fetch()
        except Exception as failure:
            self._failure, self._failed_at = failure, self._clock()
            raise
        self._held, self._failure = fetched._replace(at=began), None
        return fetched.value
