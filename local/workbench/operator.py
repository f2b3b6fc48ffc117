"""Runs the operator's command line, which knows the verdict on a call and the dead letters."""

import asyncio
import contextlib
import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60.0


class CommandError(Exception):
    """The command failed; the message is its own."""


@dataclass
class Operator:
    """Runs `switchboard --local --json …` on this stack; one at a time, since each takes a processor."""

    host: str
    port: int
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _turn_of_why: asyncio.Lock = field(default_factory=asyncio.Lock)
    _why: asyncio.subprocess.Process | None = None
    _running: set[asyncio.subprocess.Process] = field(default_factory=set)
    _closed: bool = False

    async def run(self, *arguments: str) -> Any:  # noqa: ANN401 - JSON
        """Return what the command prints; raises CommandError."""
        async with self._turn:
            process = await self._start(*arguments)
            try:
                out, said = await asyncio.wait_for(process.communicate(), PATIENCE_SECONDS)
            finally:
                await self._end(process)
        return _read(out, said.decode(errors="replace"))

    async def why(self, call: str) -> Any:  # noqa: ANN401 - JSON
        """Return the explanation of a call by any of its ids; raises CommandError. Keeps its process for the next."""
        if not call.strip() or not call.isprintable():
            raise CommandError("an id has printable characters only")
        async with self._turn_of_why:
            if self._why is None or self._why.returncode is not None:
                self._why = await self._start("why", "-", said=asyncio.subprocess.DEVNULL)
            try:
                return await self._asked(self._why, call)
            except BaseException:
                await self._end(self._why)
                raise

    async def close(self) -> None:
        """End all commands, and let those who wait for one go with a CommandError."""
        self._closed = True
        for process in list(self._running):
            await self._end(process)
        for turn in (self._turn, self._turn_of_why):
            async with turn:
                pass  # all that waited before are gone

    async def _asked(self, process: asyncio.subprocess.Process, call: str) -> Any:  # noqa: ANN401 - JSON
        if process.stdin is None or process.stdout is None:
            raise CommandError("switchboard did not start")
        process.stdin.write(f"{call}\n".encode())
        await process.stdin.drain()
        return _read(await asyncio.wait_for(process.stdout.readline(), PATIENCE_SECONDS))

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        self._running.discard(process)
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()

    async def _start(self, *arguments: str, said: int = asyncio.subprocess.PIPE) -> asyncio.subprocess.Process:
        if self._closed:
            raise CommandError("the stack is stopping")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "EXOTEL_"))}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "cli", "--local", "--json", *arguments),
            cwd=ROOT,
            env=environment | {"HOST": self.host, "PORT": str(self.port)},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=said,
            limit=16 * 1024 * 1024,  # bytes of a line: one explanation
        )
        self._running.add(process)
        return process


def _read(out: bytes, said: str = "") -> Any:  # noqa: ANN401 - JSON
    try:
        found = json.loads(out)
    except ValueError as error:
        raise CommandError(said.strip()[:300] or "switchboard printed no JSON") from error
    if isinstance(found, dict) and set(found) == {"error"}:
        raise CommandError(str(found["error"]))
    return found
