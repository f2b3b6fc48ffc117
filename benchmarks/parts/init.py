"""INIT of every function beside `import boto3` with a client; what they import, and whether it has byte code."""

from collections.abc import Iterator

from benchmarks import ROOT
from benchmarks.handlers.functions import names
from benchmarks.handlers.orders import Order, Subject
from benchmarks.handlers.packages import COMPILED, SHIPPED, package
from benchmarks.parts.costs import inits, ran
from benchmarks.report.figures import Figures, Row
from benchmarks.surroundings.world import World

CODE = ROOT / "benchmarks" / "subjects" / "boto3_client"
YARDSTICK = f"boto3 client {COMPILED}"  # compiled as ours is: what is left is the code itself


def boto3_clients(world: World) -> list[Subject]:
    """Return `import boto3; boto3.client("dynamodb")`, as pip ships it and byte-compiled."""
    kinds = ((SHIPPED, False), (COMPILED, True))
    return [
        Subject(f"boto3 client {kind}", (package("boto3", CODE, world.scratch, compiled=compiled),))
        for kind, compiled in kinds
    ]


def measure(world: World) -> Iterator[Figures]:
    """Yield the parts `init` and `imports`."""
    functions = world.wanted(names())
    costs = inits(world, [*(world.function(name) for name in functions), *boto3_clients(world)])
    yardstick = costs[YARDSTICK].instructions
    yield {"init": {name: cost.figures() | {"x_boto3": cost.instructions / yardstick} for name, cost in costs.items()}}
    imports = {name: _imports(world, name) for name in functions}
    if not world.only:
        imports["all functions"] = {"without_byte_code": sum(row["without_byte_code"] for row in imports.values())}
    yield {"imports": imports}


def _imports(world: World, name: str) -> Row:
    """Return how many modules INIT imports and the first event then, and how many of all have no byte code."""
    order = Order(world.lines(world.events(name)), warm=1, describe=True)
    said = ran(world, world.function(name), order).said
    later = said["modules"] - said["modules_of_init"]
    return {
        "modules": said["modules_of_init"],
        "more_for_an_event": later,
        "without_byte_code": len(said["without_byte_code"]),
    }
