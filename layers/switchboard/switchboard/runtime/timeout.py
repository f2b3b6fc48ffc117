"""A hard time limit for a request, even if a dependency hangs."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from switchboard.foundation.errors import UnavailableError

WORKERS = 4  # one thread is enough; the others serve the next requests while one hangs
_POOL = ThreadPoolExecutor(WORKERS)


def within[T](seconds: float, work: Callable[[], T]) -> T:
    """Return the result of `work`.

    Raises UnavailableError after `seconds`. Work that has begun continues and its result is discarded; work that has
    not begun is cancelled.
    """
    future = _POOL.submit(work)
    try:
        return future.result(timeout=max(0.0, seconds))
    except TimeoutError:
        future.cancel()
        raise UnavailableError("too_slow", "a part of the service did not answer in time") from None
