"""A moment by which work must be done, handed down to everything that waits."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Deadline:
    """`ends_at` is a reading of `clock`, in seconds; a monotonic clock, because the wall's may jump."""

    ends_at: float
    clock: Callable[[], float]

    @classmethod
    def after(cls, seconds: float, clock: Callable[[], float]) -> Self:
        """Return the deadline that many seconds from now."""
        return cls(clock() + seconds, clock)

    def rest(self) -> float:
        """Return the seconds that are left; 0.0 once it has passed."""
        return max(0.0, self.ends_at - self.clock())

    def within(self, seconds: float) -> Self:
        """Return the deadline that many seconds from now, or this one where it is earlier."""
        return type(self)(min(self.ends_at, self.clock() + seconds), self.clock)
