"""Lets the emulator unpack code once for all Lambda workers.

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
    """A zipfile.ZipFile for reading whose `extractall` creates a link to the shared unpacked copy."""

    _turn = threading.Lock()

    def __init__(self, file: str) -> None:
        self._file = Path(file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.unlink()  # each worker writes its own copy of the archive into memory

    def namelist(self) -> list[str]:
        """Return no names to check for path traversal: `zipfile` prevents it when it unpacks."""
        return []

    def extractall(self, folder: str) -> None:
        """Replace an empty folder by a link to the unpacked content."""
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
