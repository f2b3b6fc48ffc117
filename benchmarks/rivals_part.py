"""Dial Whom beside the same endpoint as others build it, as a plain `sam build` ships it and byte-compiled."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from benchmarks.costs import Cost, inits, ran, warm
from benchmarks.events import Event, events_of
from benchmarks.figures import Figures, Part, Row
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


def measure(world: World, session: str) -> Figures:
    """Return the part `rivals`."""
    load = load_of(HOTTEST)
    events = events_of(HOTTEST, load.events)
    ours = world.function(HOTTEST)
    kinds = [*((name, kind) for name in RIVALS for kind in (SHIPPED, COMPILED)), (FLOOR, COMPILED)]
    subjects = {f"{name} {kind}": rival(world, name, compiled=kind == COMPILED) for name, kind in kinds}
    init = inits(world, [ours, *subjects.values()])
    sdk, _ = alone(world, HOTTEST, session)
    our_cost, said = warm(world, ours, events, load)
    part: Part = {OURS: _row(init[HOTTEST], our_cost, said["peak_kilobytes"], ours.path)}
    for label, subject in subjects.items():
        name = label.partition(" ")[0]
        shaped = [SHAPES[name](event) for event in events] if name in SHAPES else events
        row = _measured(world, subject, shaped, init[subject.name], compiled=label.endswith(COMPILED))
        part[label] = row | {"init_x_ours": init[subject.name].instructions / init[HOTTEST].instructions}
        if "warm_million_instructions" in row and name != FLOOR:  # which has none: it is below boto3's calls
            over = row["warm_million_instructions"] - sdk.instructions / 1e6
            part[label]["overhead_x_ours"] = over / ((our_cost.instructions - sdk.instructions) / 1e6)
    return {"rivals": part}


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


def _measured(world: World, subject: Subject, events: Sequence[Any], init: Cost, *, compiled: bool) -> Row:
    """Byte code makes no difference to a warm event, so that is measured once."""
    load = load_of(HOTTEST)
    if compiled:
        cost, said = warm(world, subject, events, load)
        return _row(init, cost, said["peak_kilobytes"], subject.path)
    said = ran(world, subject, Order(world.lines(events), load.events)).said
    return _row(init, None, said["peak_kilobytes"], subject.path)


def _row(init: Cost, cost: Cost | None, peak_kilobytes: int, path: tuple[Path, ...]) -> Row:
    row = {"init_million_instructions": init.instructions / 1e6, "init_cpu_ms": init.milliseconds}
    if cost:
        row |= {"warm_million_instructions": cost.instructions / 1e6, "warm_cpu_ms": cost.milliseconds}
    return row | {"peak_mb": peak_kilobytes / 1024} | sizes(path)
