"""No age is measured by a clock that stands still between two requests, as all of Lambda's but the wall's do."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
STOPPED = {"monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "process_time", "thread_time"}
# Each measures something that begins and ends within one request.
DURATIONS = {
    "layers/switchboard/switchboard/edge/http.py": "how long a request took",
    "layers/switchboard/switchboard/adapters/whole_answers.py": "the time that is left for an answer",
    "layers/switchboard/switchboard/adapters/fcm_client.py": "the time that is left for a send",
    "functions/deliver_push/app.py": "the time that is left for a batch",
    "functions/manage_subscribers/app.py": "the deadline for Exotel",
    "functions/vend_token/app.py": "the deadline for Exotel and the issuer",
}


def sources() -> Iterator[Path]:
    for folder in ("layers/switchboard/switchboard", "functions"):
        yield from (ROOT / folder).rglob("*.py")


def readings(source: Path) -> list[ast.Attribute | ast.alias]:
    nodes = ast.walk(ast.parse(source.read_text()))
    return [
        node
        for node in nodes
        if (isinstance(node, ast.Attribute) and node.attr in STOPPED and ast.unparse(node.value) == "time")
        or (isinstance(node, ast.alias) and node.name in STOPPED)
    ]


def test_only_durations_within_a_request_are_measured_by_a_clock_that_stops() -> None:
    measuring = {str(source.relative_to(ROOT)) for source in sources() if readings(source)}
    assert measuring == set(DURATIONS)


def test_functions_hand_such_a_clock_to_what_makes_deadlines_alone() -> None:
    handed = [
        ast.unparse(call.func)
        for source in sources()
        if source.is_relative_to(ROOT / "functions")
        for call in ast.walk(ast.parse(source.read_text()))
        if isinstance(call, ast.Call)
        for argument in [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg != "monotonic")]
        if isinstance(argument, ast.Attribute) and argument.attr in STOPPED
    ]
    assert handed == []
