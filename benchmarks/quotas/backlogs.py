"""The backlog of a queue or a stream, and its readers: a growing number of pollers, or a stream's shards."""

import math
from collections import deque
from collections.abc import Iterator

from benchmarks.quotas.arrivals import STEP
from benchmarks.quotas.demand import Brought


class Backlog:
    """First in, first out; batches run side by side, as many as there are pollers or shards."""

    def __init__(self, brought: Brought, at_first: float, more: float = 0, most: float | None = None) -> None:
        self.brought = brought
        self.waiting = 0.0
        self._side_by_side = at_first
        self._least, self._more, self._most = at_first, more, at_first if most is None else most
        self._queue: deque[tuple[int, float]] = deque()  # the step of arrival, and how many

    def put(self, step: int, number: float) -> None:
        if number:
            self._queue.append((step, number))
            self.waiting += number

    @property
    def batch(self) -> float:
        """Return how full the batches are."""
        return min(self.brought.batch, max(1.0, self.waiting / self._side_by_side))

    def wanted(self) -> float:
        """Return how many can be worked off in a step."""
        seconds = self.brought.seconds(self.batch)
        if self.batch < self.brought.batch:  # a full batch waits for no window
            seconds = max(seconds, self.brought.window)
        return min(self.waiting, self._side_by_side * STEP / seconds * self.batch)

    def take(self, number: float) -> Iterator[tuple[int, float]]:
        """Yield what is worked off, oldest first, and the step in which it came."""
        self.waiting -= number
        while number > 1e-9 and self._queue:
            arrived, waiting = self._queue.popleft()
            taken = min(number, waiting)
            yield arrived, taken
            number -= taken
            if waiting - taken > 1e-9:
                self._queue.appendleft((arrived, waiting - taken))

    def turn(self) -> None:
        """Poll with more while all batches are full, and with fewer again as slowly."""
        if self._more and not math.isinf(self._side_by_side):
            busy = self.waiting > self._side_by_side * self.brought.batch
            changed = self._side_by_side + (self._more if busy else -self._more) * STEP
            self._side_by_side = max(self._least, min(changed, self._most))
