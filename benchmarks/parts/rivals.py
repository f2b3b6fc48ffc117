"""Dial Whom beside the same endpoint as others build it, as a plain `sam build` ships it and byte-compiled."""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

from benchmarks import ROOT
from benchmarks.handlers.functions import HOTTEST, LAYERS
from benchmarks.handlers.orders import Order, Subject
from benchmarks.handlers.packages import COMPILED, SHIPPED, package
from benchmarks.handlers.processes import HandlerError
from benchmarks.parts.costs import calls_of, inits, operations_of, ran, warm
from benchmarks.parts.sizes import sizes
from benchmarks.parts.warm import alone, load_of
from benchmarks.report.figures import Figures, Row
from benchmarks.surroundings.events import Event
from benchmarks.surroundings.world import World

CODE = ROOT / "benchmarks" / "subjects" / "rivals"
RIVALS = ("fastapi", "flask", "chalice", "tutorial")
FLOOR = "floor"  # the least possible, a raw socket each; there is nothing to ship but its own code
OURS = "ours"
OPERATIONS = ["UpdateItem", "GetItem"]  # the context is claimed, the callee's status is looked up
ANSWER = "sip:bob"


def as_rest(event: Event) -> Event:
    """Return the event as a REST API of API Gateway sends it, which is what Chalice deploys."""
    context = event["requestContext"]
    resource = event["routeKey"].partition(" ")[2].replace("{accountSid}", "{account}")
    return {
        "resource": resource,
        "path": event["rawPath"],
        "httpMethod": context["http"]["method"],
        "headers": event["headers"],
        "multiValueHeaders": {name: [value] for name, value in event["headers"].items()},
        "queryStringParameters": event["queryStringParameters"],
        "multiValueQueryStringParameters": parse_qs(event["rawQueryString"]),
        "pathParameters": {"account": event["pathParameters"]["accountSid"]},
        "stageVariables": None,
        "requestContext": {**context, "resourcePath": resource, "httpMethod": context["http"]["method"]},
        "body": None,
        "isBase64Encoded": False,
    }


SHAPES: Mapping[str, Callable[[Event], Event]] = {"chalice": as_rest}


def measure(world: World) -> Iterator[Figures]:
    """Yield the part `rivals`, a row each."""
    events = world.events(HOTTEST, load_of(HOTTEST).events)
    sdk, _ = alone(world, HOTTEST)
    calls = sdk.instructions / 1e6
    check_work(world, world.function(HOTTEST), events[:3])
    ours = _row(world, world.function(HOTTEST), events, calls)
    yield {"rivals": {OURS: ours}}
    kinds = [(name, kind) for name in world.wanted(RIVALS) for kind in (SHIPPED, COMPILED)]
    for name, kind in [*kinds, *((name, COMPILED) for name in world.wanted([FLOOR]))]:
        subject = rival(world, name, compiled=kind == COMPILED)
        shaped = [SHAPES[name](event) for event in events] if name in SHAPES else events
        if name != FLOOR:  # whose calls no SDK sees
            check_work(world, subject, shaped[:3])
        row = _row(world, subject, shaped, calls if kind == COMPILED else None)
        row["init_x_ours"] = row["init_million_instructions"] / ours["init_million_instructions"]
        if kind == COMPILED and name != FLOOR:  # which uses less than boto3's calls
            row["overhead_x_ours"] = overhead_ratio(row["overhead_million_instructions"], ours, calls)
        yield {"rivals": {f"{name} {kind}": row}}


def overhead_ratio(overhead: float, ours: Row, calls: float) -> float:
    """Return what a rival costs above the calls alone, against what ours does.

    Ours may cost less than the calls do with plain boto3 clients. It then counts as a hundredth of them.
    """
    return overhead / max(ours["overhead_million_instructions"], calls / 100)


def rival(world: World, name: str, *, compiled: bool) -> Subject:
    """Return a rival with the code that all share beside it, in Dial Whom's environment."""
    code = world.scratch / "rivals" / name
    if not code.exists():
        shutil.copytree(CODE / name, code)
        for shared in CODE.glob("*.py"):
            shutil.copy(shared, code)
    folder = package(name, code, world.scratch, compiled=compiled)
    environment = dict(world.function(HOTTEST).environment)
    roots = environment.pop("AWS_CA_BUNDLE")  # the others use their packages' root certificates
    if name == FLOOR:
        environment["AWS_CA_BUNDLE"] = roots
        shutil.copy(LAYERS[0].parent / "amazon-roots.pem", folder.parent)
    return Subject(f"{name}, {COMPILED if compiled else SHIPPED}", (folder,), environment)


def check_work(world: World, subject: Subject, events: Sequence[Event]) -> None:
    """Raise HandlerError unless each event makes for the two calls that it is about; the first one for more."""
    _, *operations = operations_of(calls_of(world, subject, events))
    if any(one != OPERATIONS for one in operations):
        raise HandlerError(f"{subject.name} makes other calls than {OPERATIONS}: {operations}")


def _row(world: World, subject: Subject, events: Sequence[Event], calls: float | None) -> Row:
    """Measure one; byte code makes no difference to a warm event, so only with `calls`, which its calls alone cost."""
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
