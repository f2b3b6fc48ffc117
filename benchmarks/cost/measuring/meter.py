"""Meters events as they are handled on moto: AWS calls, DynamoDB's units, lines of log, bytes out, CPU.

The CPU is the process's, without that of moto and of the simulators' threads. So it is the handler's and our clients',
without the network, for which call.py has an assumption.
"""

import json
import statistics
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from moto.core.botocore_stubber import BotocoreStubber

from benchmarks.cost.measuring.units import Units
from switchboard.aws.errors import ClientError
from switchboard.aws.json_client import JsonClient
from switchboard.aws.s3_client import S3Client
from switchboard.runtime.log import logger

COUNTED = 10  # iterations that are counted; those after them are timed

type Event = dict[str, Any]


@dataclass
class Work:
    """What the events of one step took, summed over the counted ones; `cpu_ms` of the timed ones, each."""

    function: str
    events: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    units: dict[str, tuple[float, float]] = field(default_factory=dict)
    log_bytes: int = 0
    log_lines: int = 0
    body_bytes: int = 0
    cpu_ms: list[float] = field(default_factory=list)
    kept_bytes: int = 0  # left in the Calls table, by all events
    handled: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the work of one event."""

        def each(value: float) -> float:
            return round(value / self.events, 2)

        return {
            "function": self.function,
            "cpu_ms": round(statistics.median(self.cpu_ms), 2),
            "calls": {name: each(number) for name, number in sorted(self.calls.items())},
            "units": {table: [each(written), each(read)] for table, (written, read) in sorted(self.units.items())},
            "log_bytes": each(self.log_bytes),
            "log_lines": each(self.log_lines),
            "body_bytes": each(self.body_bytes),
            "kept_bytes": round(self.kept_bytes / self.handled),
        }


class Meter:
    """Runs handlers and keeps what each step took; `others` are native ids of threads that are not the handler's."""

    def __init__(self, units: Units, patch: pytest.MonkeyPatch, others: set[int]) -> None:
        self.steps: dict[str, Work] = {}
        self.metrics: set[str] = set()
        self._units = units
        self._others = others
        self._moto_ns = 0
        self._now: Work | None = None
        for kind in (JsonClient, S3Client):
            patch.setattr(kind, "call", self._noting(kind.call))
        answer = BotocoreStubber.process_request

        def timed(stubber: BotocoreStubber, *args: Any) -> Any:  # noqa: ANN401 - as moto's own
            began = time.thread_time_ns()
            try:
                return answer(stubber, *args)
            finally:
                self._moto_ns += time.thread_time_ns() - began

        patch.setattr(BotocoreStubber, "process_request", timed)

    def run(self, step: str, function: str, handle: Callable[[Event, None], Any], event: Event) -> Any:  # noqa: ANN401
        """Handle an event of a step and return the answer; the first ones are counted, the others timed."""
        work = self.steps.setdefault(step, Work(function))
        work.handled += 1
        if work.events < COUNTED:
            return self._counted(work, handle, event)
        with redirect_stdout(StringIO()) as printed:
            logger.registered_handler.setStream(printed)  # type: ignore[attr-defined]
            began = self._cpu_ns()
            answer = handle(event, None)
            work.cpu_ms.append((self._cpu_ns() - began) / 1e6)
        return answer

    def _counted(self, work: Work, handle: Callable[[Event, None], Any], event: Event) -> Any:  # noqa: ANN401
        self._now = work
        with redirect_stdout(StringIO()) as printed:
            logger.registered_handler.setStream(printed)  # type: ignore[attr-defined]
            answer = handle(event, None)
        self._now = None
        lines = printed.getvalue().splitlines()
        work.events += 1
        work.log_lines += len(lines)
        work.log_bytes += sum(len(line.encode()) for line in lines)
        work.body_bytes += len((answer or {}).get("body", "").encode())
        assert (answer or {}).get("statusCode", 200) < 300, answer
        assert not (answer or {}).get("batchItemFailures"), answer
        self.metrics |= {name for line in lines for name in _metrics(json.loads(line))}
        return answer

    def _cpu_ns(self) -> int:
        threads = sum(int(Path(f"/proc/self/task/{one}/schedstat").read_text().split()[0]) for one in self._others)
        return time.process_time_ns() - threads - self._moto_ns

    def _noting(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """Return a client's method `call`, which notes what was asked and answered."""

        def noted(client: JsonClient | S3Client, operation: str, **asked: Any) -> Any:  # noqa: ANN401 - AWS's
            metered = self._now is not None and client.service == "dynamodb"
            items = self._units.seen(operation, asked) if metered else ()  # as they are before the call
            try:
                answer = call(client, operation, **asked)
            except ClientError as refusal:
                self._answered(client.service, operation, asked, refusal.response, items)
                raise
            self._answered(client.service, operation, asked, answer, items)
            return answer

        return noted

    def _answered(
        self,
        service: str,
        operation: str,
        asked: Mapping[str, Any],
        answer: Mapping[str, Any],
        items: Any,  # noqa: ANN401
    ) -> None:
        if self._now is None or service == "secretsmanager":
            return  # a secret is read once in five minutes, by whichever event comes next
        self._now.calls[f"{service}:{operation}"] += 1
        if service == "dynamodb":
            taken = self._units.of(operation, asked, answer, items)
            for table, (written, read) in taken.items():
                before = self._now.units.get(table, (0, 0))
                self._now.units[table] = before[0] + written, before[1] + read


def _metrics(line: Mapping[str, Any]) -> list[str]:
    """Name the metrics of an EMF line, each with the values of its dimensions."""
    directives = line.get("_aws", {}).get("CloudWatchMetrics", [])
    return [
        " ".join([metric["Name"], *(str(line[name]) for name in directive["Dimensions"][0])])
        for directive in directives
        for metric in directive["Metrics"]
    ]
