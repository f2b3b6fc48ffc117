"""Folders for what one run leaves: its logs in the project, the emulator's unpacked functions in memory."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

NAME = re.compile(r"run-(\d+)-.*")
MEMORY = Path("/dev/shm/switchboard-local")  # noqa: S108 - the names in it are not to be guessed
# Each Lambda worker unpacks its function and layers, some 60 MB, and a burst of calls starts dozens. A disk makes a
# cold start a second slower than memory does.
ROOM_BYTES = 4 * 1024**3


def run_folder(parent: Path) -> Path:
    """A new folder for this process; those of processes that have ended are removed."""
    parent.mkdir(exist_ok=True)
    for old in parent.iterdir():
        matched = NAME.fullmatch(old.name)
        if matched and not _runs(int(matched[1])):
            shutil.rmtree(old, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"run-{os.getpid()}-", dir=parent))


@contextmanager
def scratch_folder(home: Path) -> Iterator[Path]:
    """A folder for large temporary files, removed at the end: in memory where there is room, else under `home`."""
    scratch = run_folder(MEMORY if _has_room(MEMORY.parent) else home)
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
        with suppress(OSError):  # other runs' folders may be beside it
            scratch.parent.rmdir()


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
