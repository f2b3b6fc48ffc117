"""A hard bound on how long a request may take, whatever hangs behind it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from switchboard.foundation.errors import UnavailableError

WORKERS = 4  # one works; the others stand in for it while it hangs
_POOL = ThreadPoolExecutor(WORKERS)


def within[T](seconds: float, work: Callable[[], T]) -> T:
    """Return what `work` returns.

    Raises UnavailableError once `seconds` have passed; work that has begun goes on unheard, other work is not begun.
    """
    future = _POOL.submit(work)
    try:
        return future.result(timeout=max(0.0, seconds))
    except TimeoutError:
        future.cancel()
        raise UnavailableError("too_slow", "a part of the service did not answer in time") from None
