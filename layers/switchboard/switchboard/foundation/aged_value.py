"""A value that is fetched, kept for a time and fetched anew, by one thread for all: a secret, a token, a key set."""

from collections.abc import Callable
from threading import Lock
from typing import NamedTuple

from switchboard.foundation.clock import Clock

FAILURE_SECONDS = 1.0  # how long the threads that waited share a failure, in place of failing one after the other
AGAIN_SECONDS = 30.0  # between two tries to replace a value that is still good, or one that is refused for good
_EARLIEST = 1_000_000_000  # epoch seconds, in 2001; a monotonic clock counts from the start of the machine
_ALWAYS = float("inf")


class Fetched[T](NamedTuple):
    """A value, for how long it serves, and for how long it still does where no other can be had; in seconds.

    `at` is when its fetch began, in epoch seconds; the cache writes it.
    """

    value: T
    fresh_seconds: float
    good_seconds: float = 0.0
    at: float = -_ALWAYS


class AgedValue[T]:
    """Fetches when the value is no longer fresh, one thread at a time; the others wait unless it is still good.

    A failure is kept for `failure_seconds`, or for AGAIN_SECONDS beside a value that is good; nobody fetches meanwhile.
    """

    def __init__(self, clock: Clock, failure_seconds: float = FAILURE_SECONDS) -> None:
        """Raises ValueError for a clock that does not count epoch seconds.

        Lambda stops the monotonic clock between two requests, so a value aged by it would serve for days.
        """
        if clock() < _EARLIEST:
            raise ValueError("an age needs a clock of epoch seconds; Lambda stops the monotonic one")
        self._clock = clock
        self._failure_seconds = failure_seconds
        self._lock = Lock()
        self._held: Fetched[T] | None = None
        self._failure: Exception | None = None
        self._failed_at = self._renewed_at = -_ALWAYS

    def get(self, fetch: Callable[[], Fetched[T]], max_age: float = _ALWAYS) -> T:
        """Return the value, fetched anew if it is older than it may be, or than `max_age` seconds.

        Raises what `fetch` raises, or raised a moment ago, where there is no value that is still good.
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
            except Exception:  # whatever it was, there is a value
                return held.value

    def renew(self, fetch: Callable[[], Fetched[T]], refused: T) -> T:
        """Return another value than `refused`: what another thread fetched since, or one fetched now.

        It is `refused` itself where one was fetched for this within AGAIN_SECONDS: who refuses that refuses them all.
        """
        with self._lock:
            lately = 0 <= self._clock() - self._renewed_at < AGAIN_SECONDS
            if self._held is not None and (lately or self._held.value != refused):
                return self._held.value
            value = self._fetched(fetch, self._failure_seconds)
            self._renewed_at = self._clock()
            return value

    def _fresh(self, held: Fetched[T], max_age: float) -> bool:
        """Whether it serves. A clock that was set back tells no age, so a value from its future does not."""
        return 0 <= self._clock() - held.at < min(held.fresh_seconds, max_age)

    def _good(self, held: Fetched[T]) -> bool:
        return abs(self._clock() - held.at) < held.good_seconds

    def _fetched(self, fetch: Callable[[], Fetched[T]], pause: float) -> T:
        if self._failure is not None and 0 <= self._clock() - self._failed_at < pause:
            raise self._failure.with_traceback(None)  # else each raise would add to its traceback
        began = self._clock()  # a function may be stopped while it fetches, and what comes then is old
        try:
            fetched = fetch()
        except Exception as failure:
            self._failure, self._failed_at = failure, self._clock()
            raise
        self._held, self._failure = fetched._replace(at=began), None
        return fetched.value
