"""A point in time by which work must end, passed to every call that may block."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Deadline:
    """`ends_at` is a time of `clock`, in seconds; `clock` is monotonic, because wall-clock time may jump."""

    ends_at: float
    clock: Callable[[], float]

    @classmethod
    def after(cls, seconds: float, clock: Callable[[], float]) -> Self:
        """Return the deadline `seconds` from now."""
        return cls(clock() + seconds, clock)

    def rest(self) -> float:
        """Return the remaining seconds; 0.0 once the deadline has passed."""
        return max(0.0, self.ends_at - self.clock())

    def within(self, seconds: float) -> Self:
        """Return the earlier of this deadline and the one `seconds` from now."""
        return type(self)(min(self.ends_at, self.clock() + seconds), self.clock)
