"""Table streams that are read in a thread of their own.

The fault in ministack 1.5.33 (services/lambda_svc.py, `_poll_loop`): one loop hands out the messages of queues and runs
the functions behind table streams, each to its end. While record_call writes timelines, which takes seconds in a burst
of calls, that loop takes no push from its queue, and phones ring late.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Protocol

# AWS passes a stream's records to Lambda within a fraction of a second.
SECONDS = 0.1


class Service(Protocol):
    """The part changed here of the emulator's module `ministack.services.lambda_svc`."""

    _poll_dynamodb_streams: Callable[[], bool]


def beside(read: Callable[[], bool], seconds: float = SECONDS) -> Callable[[], bool]:
    """Replaces the reading of streams by one in a separate thread.

    `read` returns whether there may be more; otherwise the thread waits for so many seconds.
    """
    begun = threading.Event()

    def read_on_and_on() -> None:
        begun.wait()
        while True:
            if not _more(read):
                time.sleep(seconds)

    def begin() -> bool:
        begun.set()
        return False

    threading.Thread(target=read_on_and_on, daemon=True, name="streams").start()
    return begin


def _more(read: Callable[[], bool]) -> bool:
    try:
        return read()
    except Exception:
        logging.getLogger(__name__).exception("reading a stream failed")
        return False


def amend(service: Service) -> None:
    """Patch the emulator's version pinned in requirements/emulator.txt."""
    service._poll_dynamodb_streams = beside(service._poll_dynamodb_streams)
