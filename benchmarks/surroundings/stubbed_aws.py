"""AWS for the functions under measurement, in a process of its own, of which there may be copies."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from local.simulators.certificate import ADDRESS, write_certificate


class StubbedAws:
    """What the built template creates, with these secrets; `references` is what `!Ref` gives for each."""

    def __init__(self, template: Path, secrets: Mapping[str, Mapping[str, Any]], folder: Path) -> None:
        self._lock = Lock()
        self.certificate, self.root_certificate = write_certificate(folder)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.surroundings.stub"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        order = {"template": str(template), "secrets": secrets, "certificate": str(self.certificate)}
        self.references: Mapping[str, str] = self._asked(json.dumps(order))["references"]

    def __enter__(self) -> "StubbedAws":
        return self

    def __exit__(self, *_: object) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        self._process.wait(10)

    @contextmanager
    def original(self) -> Iterator[str]:
        """Serve, and keep what is changed; copies that are made later have it."""
        said = self._asked("here")
        try:
            yield f"https://{ADDRESS}:{said['port']}"
        finally:
            self._say("done")

    @contextmanager
    def copy(self, *, by_heart: bool = False) -> Iterator[str]:
        """Serve a copy, whose changes end with the block: every measurement finds the same.

        With `by_heart` it answers at once, as it first did to a request of that kind: where its own time would count.
        """
        said = self._asked("by_heart" if by_heart else "copy")
        try:
            yield f"https://{ADDRESS}:{said['port']}"
        finally:
            os.kill(said["pid"], signal.SIGKILL)

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def _asked(self, line: str) -> dict[str, Any]:
        assert self._process.stdout is not None
        with self._lock:  # counting goes on side by side
            self._say(line)
            answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError("the AWS stub ended; what it says is above")
        said: dict[str, Any] = json.loads(answer)
        return said
