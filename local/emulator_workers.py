"""Makes the emulator's Lambda workers share unpacked code, as Lambda's do, and end only when they are done.

As it comes, the emulator unpacks code and layers anew for each worker, inside the one process that answers everybody:
meanwhile all other calls wait. And when it replaces a function's workers (its configuration changed, or one worker
failed to start) it deletes the files of those that are just starting, which then miss a library.
"""

import hashlib
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Protocol, Self

# Between being leased for a call and being locked by it, a worker looks idle for a moment.
LEASE_SECONDS = 1.0


class Worker(Protocol):
    """What matters here of the emulator's own class."""

    in_use: bool
    _lock: threading.Lock


class Runtime(Protocol):
    """What is changed of the emulator's module `ministack.core.lambda_runtime`."""

    zipfile: object
    kill_workers: "End"


type End = Callable[[Iterable[Worker | None]], None]


class SharedZip:
    """A zipfile.ZipFile for reading, whose `extractall` links to the one unpacked copy of the same content."""

    _turn = threading.Lock()

    def __init__(self, file: str) -> None:
        self._file = Path(file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.unlink()  # each worker has written one of its own, into memory

    def namelist(self) -> list[str]:
        """No names to check for a way out of the folder: `zipfile` cuts such a way off when it unpacks."""
        return []

    def extractall(self, folder: str) -> None:
        """Put a link to the unpacked content in the place of an empty folder."""
        with self._turn:
            unpacked = self._unpacked()
        Path(folder).rmdir()
        Path(folder).symlink_to(unpacked)

    def _unpacked(self) -> Path:
        with self._file.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        unpacked = Path(tempfile.gettempdir(), "unpacked", digest)
        if not unpacked.exists():
            partial = unpacked.with_suffix(".partial")
            with zipfile.ZipFile(self._file) as archive:
                archive.extractall(partial)
            partial.rename(unpacked)
        return unpacked


def when_done(end: End, lease_seconds: float = LEASE_SECONDS) -> End:
    """Wrap what ends workers at once: those that are at work or starting end after their call."""

    def end_when_done(workers: Iterable[Worker | None]) -> None:
        present = [worker for worker in workers if worker is not None]
        end([worker for worker in present if not worker.in_use])
        for worker in present:
            if worker.in_use:
                threading.Thread(target=_end_later, args=(end, worker, lease_seconds), daemon=True).start()

    return end_when_done


def _end_later(end: End, worker: Worker, lease_seconds: float) -> None:
    time.sleep(lease_seconds)
    with worker._lock:
        end([worker])


def amend(runtime: Runtime) -> None:
    """Change the emulator, of the version that requirements/emulator.txt pins."""
    runtime.zipfile = SimpleNamespace(
        ZipFile=SharedZip, BadZipFile=zipfile.BadZipFile, LargeFileError=zipfile.LargeZipFile
    )
    runtime.kill_workers = when_done(runtime.kill_workers)
