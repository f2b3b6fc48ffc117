"""What an import has done so far."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one name: at Exotel created, existing or failed; here created, changed, unchanged or "" (not)."""

    name: str
    exotel: str
    here: str = ""
    reason: str = ""

    @property
    def failed(self) -> bool:
        """Whether it has to be tried again."""
        return self.exotel == "failed"


class Journal:
    """What was done, in memory: names that are `settled`, `asked` of Exotel, or in the `making` here."""

    def __init__(self) -> None:
        self.settled: dict[str, Settled] = {}
        self.asked: set[str] = set()
        self.making: set[str] = set()

    def ask(self, names: Iterable[str]) -> None:
        """Note that Exotel is about to be asked to create these."""
        self.asked.update(names)

    def make(self, name: str) -> None:
        """Note that a profile of ours is about to be created."""
        self.making.add(name)

    def settle(self, done: Iterable[Settled]) -> None:
        """Note what became of some names."""
        self.settled.update((one.name, one) for one in done)
