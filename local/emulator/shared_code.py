"""Code that the emulator unpacks once, for all Lambda workers that run it.

The fault in ministack 1.5.33 (core/lambda_runtime.py, `Worker._spawn`): it unpacks code and layers, 33 MB, anew for
each worker, inside the one process that answers all requests. Every other call waits meanwhile.
"""

import hashlib
import tempfile
import threading
import zipfile
from pathlib import Path
from typing import Self


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
