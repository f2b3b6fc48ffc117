"""Writes the emulator's state to disk on a signal; unchanged, it writes only at shutdown.

The fault in ministack 1.5.33 (app.py, `lifespan.shutdown`): it writes its state only in an orderly shutdown, after the
calls under way have ended. SQS and DynamoDB keep whatever they have answered with 200, also when a machine of theirs
dies in the middle of a call.
"""

import signal
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

WRITE = signal.SIGUSR1
WRITTEN = "written"  # the file that is written after all others are complete


class App(Protocol):
    """The part used here of the emulator's module `ministack.app`."""

    save_all: Callable[[Mapping[str, object]], None]
    _build_persistence_save_dict: Callable[[], Mapping[str, object]]


def write_when_asked(app: App, folder: Path) -> None:
    """Write the state into the emulator's folder at each signal."""

    def write(*_: object) -> None:
        app.save_all(app._build_persistence_save_dict())
        (folder / WRITTEN).touch()

    signal.signal(WRITE, write)
