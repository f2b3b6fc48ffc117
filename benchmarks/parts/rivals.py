"""Dial Whom beside the same endpoint in FastAPI + Mangum, as a plain `sam build` ships it and byte-compiled."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks import ROOT
from benchmarks.handlers.functions import HOTTEST
from benchmarks.handlers.orders import Order, Subject
from benchmarks.handlers.packages import COMPILED, SHIPPED, package
from benchmarks.handlers.processes import HandlerError
from benchmarks.parts.costs import calls_of, inits, operations_of, ran, warm
from benchmarks.parts.sizes import sizes
from benchmarks.parts.warm import alone, load_of
from benchmarks.report.figures import Figures, Row
from benchmarks.surroundings.events import Event
from benchmarks.surroundings.world import World

RIVAL = "fastapi"
CODE = ROOT / "benchmarks" / "subjects" / RIVAL
OPERATIONS = ["UpdateItem", "GetItem"]  # the context is claimed, the callee's status is looked up
ANSWER = "sip:bob"


def measure(world: World) -> Iterator[Figures]:
    """Yield the part `rivals`, a row each."""
    events = world.events(HOTTEST, load_of(HOTTEST).events)
    sdk, _ = alone(world, HOTTEST)
    calls = sdk.instructions / 1e6
    ours = _row(world, world.function(HOTTEST), events, calls)
    yield {"rivals": {"ours": ours}}
    for kind in (SHIPPED, COMPILED):
        row = _row(world, rival(world, kind), events, calls if kind == COMPILED else None)
        row["init_x_ours"] = row["init_million_instructions"] / ours["init_million_instructions"]
        if kind == COMPILED:
            row["overhead_x_ours"] = overhead_ratio(row["overhead_million_instructions"], ours, calls)
        yield {"rivals": {f"{RIVAL} {kind}": row}}


def overhead_ratio(overhead: float, ours: Row, calls: float) -> float:
    """Return what a rival costs above the calls alone, against what ours does.

    Ours may cost less than the calls do with plain boto3 clients. It then counts as a hundredth of them.
    """
    return overhead / max(ours["overhead_million_instructions"], calls / 100)


def rival(world: World, kind: str) -> Subject:
    """Return a rival with the code that all share beside it, in Dial Whom's environment."""
    folder = package(RIVAL, CODE, world.scratch, compiled=kind == COMPILED)
    environment = {**world.function(HOTTEST).environment}
    del environment["AWS_CA_BUNDLE"]
    return Subject(f"{RIVAL}, {kind}", (folder,), environment)


def check_work(world: World, subject: Subject, events: Sequence[Event]) -> None:
    """Raise HandlerError unless each event but the first, which may read secrets, makes exactly OPERATIONS."""
    _, *operations = operations_of(calls_of(world, subject, events))
    if any(one != OPERATIONS for one in operations):
        raise HandlerError(f"{subject.name} makes other calls than {OPERATIONS}: {operations}")


def _row(world: World, subject: Subject, events: Sequence[Event], calls: float | None) -> Row:
    """Measure one; byte code makes no difference to a warm event, so only with `calls`, which its calls alone cost."""
    check_work(world, subject, events[:3])
    init, load = inits(world, [subject])[subject.name], load_of(HOTTEST)
    row = {"init_million_instructions": init.instructions / 1e6, "init_cpu_ms": init.milliseconds}
    if calls is None:
        said = ran(world, subject, Order(world.lines(events), load.events)).said
    else:
        cost, said = warm(world, subject, events, load)
        million = cost.instructions / 1e6
        row |= {"warm_million_instructions": million, "warm_cpu_ms": cost.milliseconds}
        row["overhead_million_instructions"] = million - calls
    check_answers(subject, said["answers"])
    return row | {"peak_mb": said["peak_kilobytes"] / 1024} | sizes(subject.path)


def check_answers(subject: Subject, answers: Sequence[Mapping[str, Any]]) -> None:
    """Raise HandlerError unless every event was answered with the callee, and nothing more."""
    for answer in answers:
        if answer["body"] != ANSWER or answer.get("isBase64Encoded"):
            raise HandlerError(f"{subject.name} answered {str(answer)[:500]}")
