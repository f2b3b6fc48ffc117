"""The memory of the emulator's warm Lambda workers, sampled while they work."""

import re
import statistics
import subprocess
import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

WORKER = re.compile(r"^\s*(\d+) +(\d+) +(\d+) .*/ministack-lambda-.*?([A-Z][A-Za-z]+Function)-.*/_worker\.py")
EVERY_SECONDS = 5.0
FEWEST_SAMPLES = 8  # of a worker that can be judged


@dataclass(frozen=True)
class Growth:
    """A function's oldest worker: its memory in MB in the second and in the last quarter of the time it was watched."""

    function: str
    early_mb: float
    late_mb: float

    @property
    def ratio(self) -> float:
        """How many times the early memory the late one is."""
        return self.late_mb / self.early_mb


def workers(listing: str, group: int) -> dict[tuple[int, str], float]:
    """Return the MB of each worker of a process group, by process and function, from what `ps` lists."""
    found = (WORKER.match(line) for line in listing.splitlines())
    return {
        (int(match[1]), match[4]): int(match[3]) / 1024
        for match in found
        if match is not None and int(match[2]) == group
    }


def growths(samples: Mapping[tuple[int, str], Sequence[float]]) -> list[Growth]:
    """Judge of each function the worker that was watched longest; a new one grows while it meets its first events."""
    longest: dict[str, Sequence[float]] = {}
    for (_, function), seen in samples.items():
        if len(seen) > len(longest.get(function, ())):
            longest[function] = seen
    return [
        Growth(
            function,
            statistics.median(seen[len(seen) // 4 : len(seen) // 2]),
            statistics.median(seen[-len(seen) // 4 :]),
        )
        for function, seen in sorted(longest.items())
        if len(seen) >= FEWEST_SAMPLES
    ]


def processes() -> str:
    """Return what `ps` lists of all processes, which Linux and macOS do alike."""
    command = ["ps", "-A", "-ww", "-o", "pid=,pgid=,rss=,args="]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


class MemoryWatch:
    """Samples the workers of a process group every few seconds. Use it as a context manager."""

    def __init__(self, group: int) -> None:
        self._group, self._over = group, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.samples: dict[tuple[int, str], list[float]] = defaultdict(list)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(EVERY_SECONDS):
            for worker, mb in workers(processes(), self._group).items():
                self.samples[worker].append(mb)
