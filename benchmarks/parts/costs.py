"""What a handler costs: its INIT above the runtime client's own start, and a warm event."""

import os
import pickle
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.handlers.orders import Order, Ran, Subject
from benchmarks.surroundings.world import World

INITS = 7  # processes of which the quickest says the INIT's time


@dataclass(frozen=True)
class Load:
    """Events: `warm` go before, then `rounds` parts of `each`, of which the quickest says the time."""

    warm: int
    each: int
    rounds: int = 5

    @property
    def events(self) -> int:
        """How many there are in all."""
        return self.warm + self.each * self.rounds


@dataclass(frozen=True)
class Cost:
    """Instructions, and milliseconds of CPU where it was disturbed least; of one INIT or one event."""

    instructions: float
    milliseconds: float

    def figures(self) -> dict[str, float]:
        """Return them as they are written down."""
        return {"million_instructions": self.instructions / 1e6, "cpu_ms": self.milliseconds}


def side_by_side[T](works: Sequence[Callable[[], T]]) -> list[T]:
    """Run what only counts instructions, which does not depend on the machine's load, on all cores."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        futures = [pool.submit(work) for work in works]
        return [future.result() for future in futures]


def ran(world: World, subject: Subject, order: Order) -> Ran:
    """Run an order against a fresh copy of the stubbed AWS."""
    with world.aws.copy() as url:
        return world.processes.run(subject, order, url)


def counted(world: World, subject: Subject, order: Order) -> int:
    """Return the instructions that it takes to run an order against a fresh copy of the stubbed AWS."""
    with world.aws.copy() as url:
        return world.processes.run(subject, order, url, counted=True).instructions


def inits(world: World, subjects: Sequence[Subject]) -> dict[str, Cost]:
    """Return what each subject's INIT costs, by its name."""
    nothing = Subject("the runtime client", (world.scratch,))
    orders = [(nothing, Order(only_ready=True)), *((subject, Order()) for subject in subjects)]
    counts = side_by_side([partial(counted, world, *order) for order in orders])
    costs = {}
    for subject, count in zip(subjects, counts[1:], strict=True):
        took = [ran(world, subject, Order()).said["init"][0] for _ in range(INITS)]
        costs[subject.name] = Cost(count - counts[0], min(took) * 1000)
    return costs


def warm(world: World, subject: Subject, events: Sequence[Any], load: Load) -> tuple[Cost, Mapping[str, Any]]:
    """Return what a warm event costs, and what the process said that measured the time.

    Its instructions are those of twice as many events less those of so many: what is there but once is in both.
    """
    file = world.lines(events)
    timed = ran(world, subject, Order(file, load.warm, load.each * load.rounds, load.rounds))
    orders = [Order(file, load.warm, count) for count in (load.each, load.each * 2)]
    once, twice = side_by_side([partial(counted, world, subject, order) for order in orders])
    cpu = min(cpu for cpu, _ in timed.said["rounds"])
    return Cost((twice - once) / load.each, cpu / load.each * 1000), timed.said


def calls_of(world: World, subject: Subject, events: Sequence[Any]) -> Path:
    """Note the AWS calls that a function makes for each of these events; return the file."""
    path = world.scratch / f"{subject.name}.calls"
    ran(world, subject, Order(world.lines(events), warm=len(events), record=str(path)))
    return path


def operations_of(path: Path) -> list[list[str]]:
    """Return which operations were called for each event, of a file from `calls_of`."""
    calls = pickle.loads(path.read_bytes())  # our own child wrote it
    return [[operation for _, operation, _ in of_event] for of_event in calls]
