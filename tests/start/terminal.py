"""`make run` in a separate terminal, as a newcomer starts and stops it."""

import os
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import pexpect

PATIENCE_SECONDS = 900  # for what hangs; a first run on a busy machine takes minutes
MAKES_OWN = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES")  # these tests are started by make as well
STOPPED = "stopped; run it again to continue"

type Sign = str | Callable[[Path, float], bool]


def environment(**more: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in MAKES_OWN} | {"PORT": "0"} | more


def made(pattern: str) -> Sign:
    """A file or folder that this run has made or changed."""

    def seen(folder: Path, began: float) -> bool:
        return any(path.stat().st_ctime >= began for path in folder.glob(pattern))

    return seen


class Terminal:
    """A run in `folder`; `output` is all that it printed. Use it as a context manager: at the end nothing is left."""

    def __init__(self, folder: Path, **more: str) -> None:
        self._folder, self.output = folder, ""
        self._began = time.time()  # nothing but a file's own time tells what is new
        self._child = pexpect.spawn(
            "make", ["run"], cwd=str(folder), env=environment(**more), encoding="utf-8", timeout=PATIENCE_SECONDS
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._child.close(force=True)

    def until(self, sign: Sign) -> None:
        """Wait for what it prints, or for a file that it makes."""
        if isinstance(sign, str):
            assert self._read(re.escape(sign)), f"it ended before {sign!r}: {self.output}"
            return
        while not sign(self._folder, self._began):
            assert self._read(".+", 0.02) is not False, f"it ended too early: {self.output}"

    def interrupt(self) -> int:
        """Press Ctrl-C, as a terminal's driver passes it on; return the status by which a shell knows the end."""
        self._child.sendintr()
        return self.end()

    def end(self) -> int:
        """Wait for its end and return its status."""
        self._read(pexpect.EOF)
        self._child.wait()
        status = self._child.exitstatus
        return status if status is not None else 128 + int(self._child.signalstatus)

    @property
    def lines(self) -> list[str]:
        return [line for line in self.output.replace("^C", "").splitlines() if line.strip()]

    def _read(self, pattern: object, seconds: float = PATIENCE_SECONDS) -> bool | None:
        """Return whether it came, None where the time was over first."""
        found = self._child.expect([pattern, pexpect.EOF, pexpect.TIMEOUT], timeout=seconds)
        if found < 2:
            self.output += self._child.before + (self._child.after if isinstance(self._child.after, str) else "")
        return (found == 0 or pattern is pexpect.EOF, False, None)[found]


def left_running(folder: Path) -> list[str]:
    """The command lines of processes that run in a folder, or a program of it; they are given time to end."""
    until = time.monotonic() + 60
    while (found := _running(folder)) and time.monotonic() < until:
        time.sleep(0.05)
    return found


def _running(folder: Path) -> list[str]:
    listed = subprocess.run(["ps", "-axo", "pid=,stat=,command="], capture_output=True, text=True, check=True).stdout
    processes = [line.split(None, 2) for line in listed.splitlines()]
    return [
        command
        for pid, state, command in (process for process in processes if len(process) == 3)
        if not state.startswith("Z") and int(pid) != os.getpid() and (str(folder) in command or _is_in(pid, folder))
    ]


def _is_in(pid: str, folder: Path) -> bool:
    try:
        return Path(f"/proc/{pid}/cwd").readlink().is_relative_to(folder)
    except OSError:
        return False
