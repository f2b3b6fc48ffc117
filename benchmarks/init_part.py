"""INIT of every function beside `import boto3` with a client; what they import, and whether it has byte code."""

from collections.abc import Iterator

from benchmarks.costs import inits, ran
from benchmarks.figures import Figures
from benchmarks.functions import ROOT, names
from benchmarks.packages import COMPILED, SHIPPED, package
from benchmarks.processes import Order, Subject
from benchmarks.world import World

CODE = ROOT / "benchmarks" / "subjects" / "boto3_client"
YARDSTICK = f"boto3 client {COMPILED}"  # compiled as ours is: what is left is the code itself


def boto3_clients(world: World) -> list[Subject]:
    """Return `import boto3; boto3.client("dynamodb")`, as pip ships it and byte-compiled."""
    kinds = ((SHIPPED, False), (COMPILED, True))
    return [
        Subject(f"boto3 client {kind}", (package("boto3", CODE, world.scratch, compiled=compiled),))
        for kind, compiled in kinds
    ]


def measure(world: World, _session: str) -> Iterator[Figures]:
    """Yield the parts `init` and `imports`."""
    functions = [world.function(name) for name in world.wanted(names())]
    costs = inits(world, [*functions, *boto3_clients(world)])
    yardstick = costs[YARDSTICK]
    init = {
        name: cost.figures() | {"x_boto3": cost.instructions / yardstick.instructions} for name, cost in costs.items()
    }
    described = {function.name: ran(world, function, Order(describe=True)).said for function in functions}
    imports: dict[str, dict[str, float]] = {
        name: {"modules": said["modules"], "without_byte_code": len(said["without_byte_code"])}
        for name, said in described.items()
    }
    if not world.only:
        imports["all functions"] = {"without_byte_code": sum(row["without_byte_code"] for row in imports.values())}
    yield {"init": init, "imports": imports}
