"""A warm event of every function, beside the AWS calls that it makes, made with plain boto3 clients."""

import statistics
from collections.abc import Iterator
from pathlib import Path

from benchmarks import ROOT
from benchmarks.handlers.functions import HOTTEST, names
from benchmarks.handlers.orders import Subject
from benchmarks.handlers.packages import package
from benchmarks.handlers.processes import HandlerError
from benchmarks.parts.costs import Cost, Load, calls_of, operations_of, warm
from benchmarks.report.figures import Figures, Row
from benchmarks.surroundings.world import World

CODE = ROOT / "benchmarks" / "subjects" / "sdk_calls"
LIGHT = Load(warm=3, each=4)  # ingest_reports lets one user through 30 times a minute
FEW = Load(warm=2, each=2, rounds=3)  # a password's hash takes seconds under valgrind, and twenty queries do
MANY = Load(warm=5, each=60, rounds=3)  # what is compared with others: enough that garbage collections even out
LOADS = {HOTTEST: MANY, **dict.fromkeys(("ListCallsFunction", "ManageSubscribersFunction", "VendTokenFunction"), FEW)}
MOST_EVENTS = MANY.events


def load_of(function: str) -> Load:
    """Return how many events a function gets."""
    return LOADS.get(function, LIGHT)


def sdk_calls(world: World, calls: Path) -> Subject:
    """Return the calls that were noted in a file, made without the function."""
    folder = package("boto3", CODE, world.scratch, compiled=True)
    return Subject("SDK calls alone", (folder,), {"RECORDED_CALLS": str(calls)})


def alone(world: World, function: str) -> tuple[Cost, float]:
    """Return what a function's AWS calls cost without it, and how many an event takes on average."""
    load = load_of(function)
    file = calls_of(world, world.function(function), world.events(function, load.events))
    counts = [len(operations) for operations in operations_of(file)]
    cost, said = warm(world, sdk_calls(world, file), list(range(load.events)), load)
    if said["answers"] != counts:
        raise HandlerError(f"the calls of {function} alone are others than its own")
    return cost, statistics.fmean(counts)


def measure(world: World) -> Iterator[Figures]:
    """Yield the part `warm`, a row each."""
    for name in world.wanted(names()):
        yield {"warm": {name: _row(world, name)}}


def _row(world: World, function: str) -> Row:
    load = load_of(function)
    cost, said = warm(world, world.function(function), world.events(function, load.events), load)
    sdk, calls = alone(world, function)
    return cost.figures() | {
        "sdk_million_instructions": sdk.instructions / 1e6,
        "sdk_cpu_ms": sdk.milliseconds,
        "sdk_calls": calls,
        "x_sdk": cost.instructions / sdk.instructions,
        "peak_mb": said["peak_kilobytes"] / 1024,
    }
