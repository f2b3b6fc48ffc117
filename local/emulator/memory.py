"""What the emulator holds, written down when it is asked to: as it comes, it writes only when it is shut down.

SQS and DynamoDB have all that they said yes to on disk. With this, the emulator can die like a machine of theirs.
"""

import signal
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

WRITE = signal.SIGUSR1
WRITTEN = "written"  # the file that appears once all the others are whole


class App(Protocol):
    """What matters here of the emulator's module `ministack.app`."""

    save_all: Callable[[Mapping[str, object]], None]
    _build_persistence_save_dict: Callable[[], Mapping[str, object]]


def write_when_asked(app: App, folder: Path) -> None:
    """Write everything into the emulator's folder at each signal."""

    def write(*_: object) -> None:
        app.save_all(app._build_persistence_save_dict())
        (folder / WRITTEN).touch()

    signal.signal(WRITE, write)
