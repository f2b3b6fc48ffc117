"""A warm event of every function, beside the AWS calls that it makes, made with plain boto3 clients."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.costs import Cost, Load, calls_of, count_calls, warm
from benchmarks.events import events_of
from benchmarks.figures import Figures, Row
from benchmarks.functions import HOTTEST, ROOT, names
from benchmarks.packages import package
from benchmarks.processes import Subject
from benchmarks.world import World

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


def alone(world: World, function: str, session: str) -> tuple[Cost, float]:
    """Return what a function's AWS calls cost without it, and how many an event takes."""
    load = load_of(function)
    calls = calls_of(world, world.function(function), events_of(function, load.events, session))
    cost, _ = warm(world, sdk_calls(world, calls), list(range(load.events)), load)
    return cost, count_calls(calls)


def measure(world: World, session: str) -> Iterator[Figures]:
    """Yield the part `warm`, a row each."""
    for name in world.wanted(names()):
        yield {"warm": {name: _row(world, name, session)}}


def _row(world: World, function: str, session: str) -> Row:
    load = load_of(function)
    cost, said = warm(world, world.function(function), events_of(function, load.events, session), load)
    sdk, calls = alone(world, function, session)
    return cost.figures() | {
        "sdk_million_instructions": sdk.instructions / 1e6,
        "sdk_cpu_ms": sdk.milliseconds,
        "sdk_calls": calls,
        "x_sdk": cost.instructions / sdk.instructions,
        "x_sdk_cpu": cost.milliseconds / sdk.milliseconds,
        "peak_mb": said["peak_kilobytes"] / 1024,
    }
