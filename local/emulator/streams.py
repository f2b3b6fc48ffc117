"""Table streams that are read a moment after a write, as on AWS, by a reader who holds up neither writer nor queues."""

import logging
import threading
from collections.abc import Callable
from typing import Protocol

# AWS hands a stream's records to Lambda within a fraction of a second.
SECONDS = 0.1


class Wake(Protocol):
    """What matters here of the emulator's event that wakes the readers of queues and streams."""

    def set(self) -> None:
        """Wake the readers."""
        ...


class Tables(Protocol):
    """What matters here of the emulator's module `ministack.services.dynamodb`."""

    esm_wake: Wake


class Later:
    """Stands in for the event: the readers wake after a while. In one process with the writer, they would delay it."""

    def __init__(self, wake: Wake, seconds: float = SECONDS) -> None:
        self._wake, self._seconds = wake, seconds

    def set(self) -> None:
        """Wake the readers in a while."""
        timer = threading.Timer(self._seconds, self._wake.set)
        timer.daemon = True
        timer.start()


class Service(Protocol):
    """What is changed of the emulator's module `ministack.services.lambda_svc`."""

    _poll_dynamodb_streams: Callable[[], bool]


class Beside:
    """Stands in for the reading of streams, which it does in a thread of its own.

    As it comes, one loop hands out queues' messages and runs the functions behind streams: while a call's timeline was
    written, seconds of it in a burst of calls, no push was taken from its queue.
    """

    def __init__(self, read: Callable[[], bool]) -> None:
        self._read, self._due = read, threading.Event()
        threading.Thread(target=self._read_when_due, daemon=True, name="streams").start()

    def __call__(self) -> bool:
        """Have the streams read soon; nothing of it holds up the loop that asks."""
        self._due.set()
        return False

    def _read_when_due(self) -> None:
        while self._due.wait():
            self._due.clear()
            try:
                while self._read():
                    pass
            except Exception:
                logging.getLogger(__name__).exception("reading a stream failed")


def amend(tables: Tables, service: Service) -> None:
    """Change the emulator, of the version that requirements/emulator.txt pins."""
    tables.esm_wake = Later(tables.esm_wake)
    service._poll_dynamodb_streams = Beside(service._poll_dynamodb_streams)
