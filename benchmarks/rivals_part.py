"""Dial Whom beside the same endpoint as others build it, as a plain `sam build` ships it and byte-compiled."""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from urllib.parse import parse_qs

from benchmarks.costs import inits, ran, warm
from benchmarks.events import Event, events_of
from benchmarks.figures import Figures, Row
from benchmarks.functions import HOTTEST, ROOT
from benchmarks.packages import COMPILED, SHIPPED, package
from benchmarks.processes import Order, Subject
from benchmarks.sizes_part import sizes
from benchmarks.warm_part import alone, load_of
from benchmarks.world import World

CODE = ROOT / "benchmarks" / "rivals"
RIVALS = ("fastapi", "flask", "chalice", "tutorial")
FLOOR = "floor"  # what nobody could go below, a raw socket each; there is nothing to ship but its own code
OURS = "ours"


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


def measure(world: World, session: str) -> Iterator[Figures]:
    """Yield the part `rivals`, each beside ours."""
    events = events_of(HOTTEST, load_of(HOTTEST).events)
    sdk, _ = alone(world, HOTTEST, session)
    ours = _row(world, world.function(HOTTEST), events)
    yield {"rivals": {OURS: ours}}
    kinds = [(name, kind) for name in world.wanted(RIVALS) for kind in (SHIPPED, COMPILED)]
    for name, kind in [*kinds, *((name, COMPILED) for name in world.wanted([FLOOR]))]:
        subject = rival(world, name, compiled=kind == COMPILED)
        shaped = [SHAPES[name](event) for event in events] if name in SHAPES else events
        row = _row(world, subject, shaped, with_warm=kind == COMPILED)
        row["init_x_ours"] = row["init_million_instructions"] / ours["init_million_instructions"]
        if kind == COMPILED and name != FLOOR:  # which is below boto3's calls
            warm_costs = (row["warm_million_instructions"], ours["warm_million_instructions"])
            row["overhead_x_ours"] = overhead_ratio(*warm_costs, sdk.instructions / 1e6)
        yield {"rivals": {f"{name} {kind}": row}}


def overhead_ratio(theirs: float, ours: float, calls: float) -> float:
    """Return what theirs costs above the calls alone, against what ours does.

    Ours may cost less than the calls do with plain boto3 clients. It then counts as a hundredth of them.
    """
    return (theirs - calls) / max(ours - calls, calls / 100)


def rival(world: World, name: str, *, compiled: bool) -> Subject:
    """Return a rival with the calls that all share beside it, in Dial Whom's environment."""
    code = world.scratch / "rivals" / name
    if not code.exists():
        shutil.copytree(CODE / name, code)
        for shared in CODE.glob("*.py"):
            shutil.copy(shared, code)
    folder = package(name, code, world.scratch, compiled=compiled)
    environment = world.function(HOTTEST).environment
    return Subject(f"{name}, {COMPILED if compiled else SHIPPED}", (folder,), environment)


def _row(world: World, subject: Subject, events: Sequence[Event], *, with_warm: bool = True) -> Row:
    """Measure one; byte code makes no difference to a warm event, so `with_warm` once is enough."""
    init, load = inits(world, [subject])[subject.name], load_of(HOTTEST)
    row = {"init_million_instructions": init.instructions / 1e6, "init_cpu_ms": init.milliseconds}
    if with_warm:
        cost, said = warm(world, subject, events, load)
        row |= {"warm_million_instructions": cost.instructions / 1e6, "warm_cpu_ms": cost.milliseconds}
    else:
        said = ran(world, subject, Order(world.lines(events), load.events)).said
    return row | {"peak_mb": said["peak_kilobytes"] / 1024} | sizes(subject.path)
