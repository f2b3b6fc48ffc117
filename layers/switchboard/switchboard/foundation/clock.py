"""The time."""

from typing import Protocol


class Clock(Protocol):
    """The current time, passed in as an argument so that tests need not sleep."""

    def __call__(self) -> float:
        """Return epoch seconds, with fractions."""
        ...
