"""A handler under measurement runs in a process like Lambda's, and one that fails has no figures."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.handlers.orders import Order, Subject
from benchmarks.handlers.packages import package
from benchmarks.handlers.processes import HandlerError, Processes

NOWHERE = "https://127.0.0.1:9"
HANDLER = """
import os

def handler(event, context):
    import colorsys  # only now
    assert context.get_remaining_time_in_millis() > 0
    return {"statusCode": event, "body": os.environ["GREETING"]}
"""


@pytest.fixture(scope="module")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Processes:
    scratch = tmp_path_factory.mktemp("bench")
    (scratch / "root.pem").touch()
    return Processes(scratch / "root.pem", "ap-south-1", scratch)


@pytest.fixture
def run(processes: Processes, tmp_path: Path) -> Callable[..., dict[str, object]]:
    (tmp_path / "code").mkdir()

    def run(code: str, *events: object, compiled: bool = True, **order: object) -> dict[str, object]:
        (tmp_path / "code" / "app.py").write_text(code)
        (tmp_path / "events").write_text("".join(f"{json.dumps(event)}\n" for event in events))
        folder = package("no-group", tmp_path / "code", tmp_path, compiled=compiled)
        subject = Subject("a handler", (folder,), {"GREETING": "hello"})
        return dict(processes.run(subject, Order(str(tmp_path / "events"), **order), NOWHERE).said)  # type: ignore[arg-type]

    return run


def test_each_part_of_the_events_is_measured_apart(run: Callable[..., dict[str, object]]) -> None:
    said = run(HANDLER, 200, 201, 202, 203, 204, warm=1, count=4, rounds=2)
    assert said["answers"] == [{"statusCode": status, "body": "hello"} for status in range(200, 205)]
    assert len(said["rounds"]) == 2  # type: ignore[arg-type]
    assert all(cpu > 0 and wall > 0 for cpu, wall in [said["init"], *said["rounds"]])  # type: ignore[misc]
    assert said["peak_kilobytes"] > 5000  # type: ignore[operator]


@pytest.mark.parametrize("compiled", [True, False])
def test_what_is_imported_without_byte_code_is_found(run: Callable[..., dict[str, object]], compiled: bool) -> None:
    said = run(HANDLER, 200, warm=1, describe=True, compiled=compiled)
    assert [Path(file).name for file in said["without_byte_code"]] == ["app.py"] * (not compiled)  # type: ignore[attr-defined]
    assert said["modules"] == said["modules_of_init"] + 1  # type: ignore[operator]


@pytest.mark.parametrize(
    ("code", "event", "said"),
    [
        (HANDLER, 503, "answered .*503"),
        ("raise RuntimeError('no INIT')", 200, "no INIT"),
        ("def handler(event, context):\n    return {'batchItemFailures': [{}]}", 0, "batchItemFailures"),
        ("print('warming up failed')\ndef handler(event, context): ...", 0, "warming up failed"),
    ],
)
def test_a_handler_that_fails_has_no_figures(
    run: Callable[..., dict[str, object]], code: str, event: int, said: str
) -> None:
    with pytest.raises(HandlerError, match=said):
        run(code, event, warm=1)
