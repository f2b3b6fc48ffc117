"""The findings of checks."""

from dataclasses import asdict, dataclass
from enum import StrEnum


class State(StrEnum):
    """The state of one checked thing."""

    FINE = "fine"
    NOTE = "note"  # worth knowing, but no problem
    PROBLEM = "problem"


@dataclass(frozen=True)
class Finding:
    """One checked thing: its `area` and `name`, its state, what was seen, and how to fix it."""

    area: str
    name: str
    state: State
    seen: str
    fix: str = ""

    def as_json(self) -> dict[str, str]:
        """Return it as JSON."""
        return asdict(self)


def fine(area: str, name: str, seen: str) -> Finding:
    """Return a finding that all is right."""
    return Finding(area, name, State.FINE, seen)


def note(area: str, name: str, seen: str, fix: str) -> Finding:
    """Return a finding that is worth knowing."""
    return Finding(area, name, State.NOTE, seen, fix)


def problem(area: str, name: str, seen: str, fix: str) -> Finding:
    """Return a finding that something is wrong."""
    return Finding(area, name, State.PROBLEM, seen, fix)
