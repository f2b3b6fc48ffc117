"""The time."""

from typing import Protocol


class Clock(Protocol):
    """The time, passed in so that tests need not wait."""

    def __call__(self) -> float:
        """Return epoch seconds, with fractions."""
        ...
