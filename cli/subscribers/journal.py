"""The progress of an import."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settled:
    """One name's result. `exotel`: created, existing, failed; `here`: created, changed, unchanged or "" (not done)."""

    name: str
    exotel: str
    here: str = ""
    reason: str = ""

    @property
    def failed(self) -> bool:
        """Whether it has to be tried again."""
        return self.exotel == "failed"


class Journal:
    """The progress in memory: names `settled`, requested from Exotel (`asked`), or being created here (`making`)."""

    def __init__(self) -> None:
        self.settled: dict[str, Settled] = {}
        self.asked: set[str] = set()
        self.making: set[str] = set()

    def ask(self, names: Iterable[str]) -> None:
        """Record that a request to create these at Exotel follows."""
        self.asked.update(names)

    def make(self, name: str) -> None:
        """Record that the creation of our profile follows."""
        self.making.add(name)

    def settle(self, done: Iterable[Settled]) -> None:
        """Record the results of some names."""
        self.settled.update((one.name, one) for one in done)
