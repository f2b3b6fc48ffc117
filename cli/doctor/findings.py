"""What a check says."""

from dataclasses import asdict, dataclass
from enum import StrEnum


class State(StrEnum):
    """How it stands with one thing."""

    FINE = "fine"
    NOTE = "note"  # worth knowing, no fault
    PROBLEM = "problem"


@dataclass(frozen=True)
class Finding:
    """One checked thing: its `area` and `name`, how it stands, what was seen, and how to fix it."""

    area: str
    name: str
    state: State
    seen: str
    fix: str = ""

    def as_json(self) -> dict[str, str]:
        """Return it for programs."""
        return asdict(self)


def fine(area: str, name: str, seen: str) -> Finding:
    """Return a finding about what is as it should be."""
    return Finding(area, name, State.FINE, seen)


def note(area: str, name: str, seen: str, fix: str) -> Finding:
    """Return a finding that is worth knowing."""
    return Finding(area, name, State.NOTE, seen, fix)


def problem(area: str, name: str, seen: str, fix: str) -> Finding:
    """Return a finding that something is wrong."""
    return Finding(area, name, State.PROBLEM, seen, fix)
