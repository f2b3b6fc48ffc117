"""Table streams that are read a moment after a write, as on AWS, and not while the writer waits for its answer."""

import threading
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


def amend(tables: Tables) -> None:
    """Change the emulator, of the version that requirements/emulator.txt pins."""
    tables.esm_wake = Later(tables.esm_wake)
