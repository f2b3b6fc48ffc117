"""A value that many threads need and one of them fetches: a token, a client."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock

from switchboard.ports.clock import Clock

FAILURE_SECONDS = 1.0  # how long the threads that waited share a failure, in place of failing one after the other
AGAIN_SECONDS = 30.0  # between two tries to replace a value that is still good, or one that is refused for good


@dataclass(frozen=True, slots=True)
class Fetched[T]:
    """A value, until when it serves, and until when it would still do if no other can be had; in epoch seconds."""

    value: T
    fresh_until: float
    good_until: float = 0.0


class SharedValue[T]:
    """Fetches when the value is no longer fresh, one thread at a time; the others wait unless it is still good."""

    def __init__(self, fetch: Callable[[], Fetched[T]], clock: Clock) -> None:
        self._fetch = fetch
        self._clock = clock
        self._lock = Lock()
        self._fetched: Fetched[T] | None = None
        self._failure: Exception | None = None
        self._failed_at = self._renewed_at = float("-inf")

    def get(self) -> T:
        """Return the value. Raises what fetching it raises, or raised within FAILURE_SECONDS."""
        held = self._fetched
        if held is not None and self._lock.locked() and self._clock() < held.good_until:
            return held.value
        with self._lock:
            if self._fetched is not None and self._clock() < self._fetched.fresh_until:
                return self._fetched.value
            try:
                return self._refreshed()
            except Exception:
                if self._fetched is None or self._clock() >= self._fetched.good_until:
                    raise
                self._fetched = replace(self._fetched, fresh_until=self._clock() + AGAIN_SECONDS)
                return self._fetched.value

    def renew(self, refused: T) -> T:
        """Return another value than `refused`: what another thread fetched since, or one fetched now.

        It is `refused` itself where one was fetched for this within AGAIN_SECONDS: who refuses that refuses them all.
        """
        with self._lock:
            lately = self._clock() - self._renewed_at < AGAIN_SECONDS
            if self._fetched is not None and (lately or self._fetched.value != refused):
                return self._fetched.value
            value = self._refreshed()
            self._renewed_at = self._clock()
            return value

    def _refreshed(self) -> T:
        if self._failure is not None and self._clock() - self._failed_at < FAILURE_SECONDS:
            raise self._failure
        try:
            self._fetched = self._fetch()
        except Exception as failure:
            self._failure, self._failed_at = failure, self._clock()
            raise
        return self._fetched.value
