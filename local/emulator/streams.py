"""Reads table streams shortly after a write, as AWS does, without delaying the writer or the queues."""

import logging
import threading
from collections.abc import Callable
from typing import Protocol

# AWS passes a stream's records to Lambda within a fraction of a second.
SECONDS = 0.1


class Wake(Protocol):
    """The part used here of the emulator's event that wakes the readers of queues and streams."""

    def set(self) -> None:
        """Wake the readers."""
        ...


class Tables(Protocol):
    """The part used here of the emulator's module `ministack.services.dynamodb`."""

    esm_wake: Wake


class Later:
    """Replaces the event: the readers wake after a delay.

    Awake at once in the same process, they would delay the writer.
    """

    def __init__(self, wake: Wake, seconds: float = SECONDS) -> None:
        self._wake, self._seconds = wake, seconds

    def set(self) -> None:
        """Wake the readers after a delay."""
        timer = threading.Timer(self._seconds, self._wake.set)
        timer.daemon = True
        timer.start()


class Service(Protocol):
    """The part changed here of the emulator's module `ministack.services.lambda_svc`."""

    _poll_dynamodb_streams: Callable[[], bool]


class Beside:
    """Replaces the reading of streams by one in a separate thread.

    Upstream fault: one loop reads the queues and runs the functions of streams, so in a burst of calls no push left its
    queue for seconds.
    """

    def __init__(self, read: Callable[[], bool]) -> None:
        self._read, self._due = read, threading.Event()
        threading.Thread(target=self._read_when_due, daemon=True, name="streams").start()

    def __call__(self) -> bool:
        """Have the streams read soon, without blocking the caller's loop."""
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
    """Patch the emulator's version pinned in requirements/emulator.txt."""
    tables.esm_wake = Later(tables.esm_wake)
    service._poll_dynamodb_streams = Beside(service._poll_dynamodb_streams)
