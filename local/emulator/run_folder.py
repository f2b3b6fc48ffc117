"""Folders of one run: logs in the project, the emulator's unpacked functions in memory."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - the names of the folders in it cannot be guessed
# The emulator unpacks each function and layer once; a cold start from disk takes longer than from memory.
ROOM_BYTES = 1024**3


def run_folder(parent: Path, name: str = "run") -> Path:
    """A new folder `<name>-<process>-…` for this process; those of processes that have ended are removed."""
    parent.mkdir(exist_ok=True)
    for old in parent.glob(f"{name}-*-*"):
        process = old.name.removeprefix(f"{name}-").partition("-")[0]
        if process.isdecimal() and not _runs(int(process)):
            shutil.rmtree(old, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{name}-{os.getpid()}-", dir=parent))


@contextmanager
def scratch_folder(home: Path) -> Iterator[Path]:
    """A folder for large temporary files, removed at the end: in memory where there is room, else under `home`."""
    scratch = run_folder(MEMORY, "switchboard") if _has_room(MEMORY) else run_folder(home)
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _has_room(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free >= ROOM_BYTES and os.access(folder, os.W_OK)
    except OSError:
        return False


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
