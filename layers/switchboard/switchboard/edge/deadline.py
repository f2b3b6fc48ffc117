"""A hard bound on how long a request may take, whatever hangs behind it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from switchboard.domain.errors import UnavailableError

_WORKERS = ThreadPoolExecutor(max_workers=4)  # one works; the others stand in for it while it hangs


def within[T](seconds: float, work: Callable[[], T]) -> T:
    """Return what `work` returns.

    Raises UnavailableError once `seconds` have passed; the work goes on unheard.
    """
    try:
        return _WORKERS.submit(work).result(timeout=max(0.0, seconds))
    except TimeoutError:
        raise UnavailableError("too_slow", "a part of the service did not answer in time") from None
