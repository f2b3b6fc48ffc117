"""Work that is done again and again while the stack runs."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def repeated(what: str, work: Callable[[], None], seconds: float) -> Iterator[None]:
    """Do the work every so many seconds in a thread, until the block ends; a failure is only logged."""
    ended = threading.Event()

    def go_on() -> None:
        while not ended.wait(seconds):
            try:
                work()
            except Exception:
                logging.getLogger(__name__).exception("%s failed", what)

    thread = threading.Thread(target=go_on, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
