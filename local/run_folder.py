"""A folder for what one run leaves: logs, and the emulator's temporary files."""

import os
import re
import shutil
import tempfile
from pathlib import Path

NAME = re.compile(r"run-(\d+)-.*")


def run_folder(parent: Path) -> Path:
    """A new folder for this process; those of processes that have ended are removed."""
    parent.mkdir(exist_ok=True)
    for old in parent.iterdir():
        matched = NAME.fullmatch(old.name)
        if matched and not _runs(int(matched[1])):
            shutil.rmtree(old, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"run-{os.getpid()}-", dir=parent))


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
