"""Counts instructions by valgrind's cachegrind: the figure does not depend on the machine's load."""

import re
import shutil
from pathlib import Path

_SUMMARY = re.compile(r"^summary: (\d+)", re.MULTILINE)
MISSING = "valgrind is missing, so no instructions can be counted: install it (Debian: apt-get install valgrind)"


class CachegrindError(RuntimeError):
    """Instructions cannot be counted; the message says why."""


def valgrind() -> str:
    """Return where valgrind is. Raises CachegrindError where it is not installed."""
    found = shutil.which("valgrind")
    if found is None:
        raise CachegrindError(MISSING)
    return found


def command(output: Path) -> list[str]:
    """Return what goes before a command so that its instructions are counted. Raises CachegrindError."""
    return [valgrind(), "--quiet", "--tool=cachegrind", "--cache-sim=no", f"--cachegrind-out-file={output}"]


def instructions(output: str) -> int:
    """Return the instructions that a cachegrind file counts. Raises CachegrindError where it has no summary."""
    found = _SUMMARY.search(output)
    if found is None:
        raise CachegrindError("cachegrind wrote no summary: the process under it was killed")
    return int(found[1])
