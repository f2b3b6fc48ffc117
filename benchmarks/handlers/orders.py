"""The order for a measuring process, and its result."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Subject:
    """What is measured: `path` is searched for `app.py` and all that it imports, in this order."""

    name: str
    path: tuple[Path, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Order:
    """What the process does: `warm` events first, then `count` in `rounds` parts that are measured apart."""

    events: str = ""
    warm: int = 0
    count: int = 0
    rounds: int = 1
    only_ready: bool = False
    describe: bool = False
    record: str = ""  # the file into which to note AWS calls
    clock_step: float = 0.0  # seconds by which each event comes later than the one before


@dataclass(frozen=True)
class Ran:
    """What a process said, and its instructions where they were counted."""

    said: Mapping[str, Any]
    instructions: int = 0
