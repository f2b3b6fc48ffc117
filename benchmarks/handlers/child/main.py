"""The process under measurement: Lambda's runtime client, a handler, events; what is measured imports the rest.

`python -S -P child/main.py ORDER`, where ORDER is a file of JSON (orders.py). It ends where a function's environment
would wait for the next event, so the figures exclude the interpreter's exit.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

type Handler = Callable[[Any, object], Any]


def be_patient() -> None:
    """Allow INIT's calls more time: under valgrind all is some 40 times slower than on Lambda.

    Done where every time limit of a future ends up, in a module that Lambda's runtime client imports in any case.
    """
    wait = threading.Condition.wait

    def wait_longer(self: threading.Condition, timeout: float | None = None) -> bool:
        return wait(self, timeout and timeout * 100)

    threading.Condition.wait = wait_longer  # type: ignore[method-assign]


def ready() -> Any:
    """Start Lambda's runtime client up to where it imports the handler, and return its module."""
    from awslambdaric import bootstrap
    from awslambdaric.lambda_runtime_client import LambdaRuntimeClient

    LambdaRuntimeClient("127.0.0.1:9", False)
    sys.stdout, sys.stderr = bootstrap.Unbuffered(sys.stdout), bootstrap.Unbuffered(sys.stderr)
    how = bootstrap._AWS_LAMBDA_LOG_FORMAT, bootstrap._AWS_LAMBDA_LOG_LEVEL
    bootstrap._setup_logging(*how, bootstrap.StandardLogSink())
    return bootstrap


def run(handler: Handler, context: object, events: Sequence[Any], rounds: int) -> dict[str, Any]:
    """Hand over events in so many equal parts; return the seconds of CPU and of the clock of each, and the answers."""
    answers, took, size = [], [], len(events) // rounds
    for first in range(0, size * rounds, size or 1):
        cpu, wall = time.process_time(), time.perf_counter()
        for event in events[first : first + size]:
            answers.append(handler(event, context))
        took.append((time.process_time() - cpu, time.perf_counter() - wall))
    return {"rounds": took, "answers": answers}


def described() -> dict[str, Any]:
    """Return what was imported until now: how many modules, and those of the package that have no byte code."""
    count = len(sys.modules)
    from importlib.util import cache_from_source

    roots = tuple(os.environ["PYTHONPATH"].split(":")[:-1])  # without the runtime client
    files = {getattr(module, "__file__", None) or "" for module in list(sys.modules.values())}
    sources = [file for file in files if file.startswith(roots) and file.endswith(".py")]
    bare = [file for file in sources if not Path(cache_from_source(file)).exists()]
    return {"modules": count, "without_byte_code": bare}


def peak_kilobytes() -> int:
    """Return this process's peak memory, without its parent's."""
    with Path("/proc/self/status").open() as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


def carried_out(order: dict[str, Any], events: Sequence[Any]) -> dict[str, Any]:
    """Import the handler, send it the events, and return the figures."""
    bootstrap = ready()
    if order["only_ready"]:
        return {}
    cpu, wall = time.process_time(), time.perf_counter()
    handler = bootstrap._get_handler("app.handler")
    said: dict[str, Any] = {"init": (time.process_time() - cpu, time.perf_counter() - wall)}
    said["modules_of_init"] = len(sys.modules)
    ends = int(time.time() * 1000) + 600_000
    context = bootstrap.create_lambda_context(None, None, ends, "request", "arn", None)
    warm, count = order["warm"], order["count"]
    first = run(handler, context, events[:warm], 1)
    later = run(handler, context, events[warm : warm + count], order["rounds"])
    if order["describe"]:
        said |= described()
    return said | later | {"answers": first["answers"] + later["answers"], "peak_kilobytes": peak_kilobytes()}


def main() -> None:
    """Execute the order, and exit without clean-up."""
    from contextlib import ExitStack

    order = json.loads(Path(sys.argv[1]).read_text())
    lines = Path(order["events"]).read_text().splitlines() if order["events"] else []
    events = [json.loads(line) for line in lines]
    be_patient()
    with ExitStack() as extras:
        if order["record"]:
            from recorder import recording

            extras.enter_context(recording(order["record"]))
        if order["clock_step"]:
            from moved_clock import move_on_with_each_event

            move_on_with_each_event(order["clock_step"])
        said = carried_out(order, events)
    Path(order["result"]).write_text(json.dumps(said))
    os._exit(0)


main()
