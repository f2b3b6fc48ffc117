"""Plays whole calls on moto, step by step, and meters every function's part in them.

    make measure-cost          # writes benchmarks/cost/measured.json; about half a minute

Caller and callee of a call are two people of their own. Facts reach record_call one message at a time, as they do
while traffic is low: a fuller batch is cheaper.
"""

import json
import platform
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from benchmarks.cost.measuring import steps
from benchmarks.cost.measuring.meter import Event, Meter
from benchmarks.cost.measuring.people import People
from benchmarks.cost.measuring.starts import import_ms
from benchmarks.cost.measuring.storage import indexes, stored
from benchmarks.cost.measuring.units import Units
from benchmarks.cost.usage import MEASURED
from local.simulators import Simulators, running_simulators
from tests.deployment import Deployment, deployed
from tests.identity_stack import ACCOUNTS, IdentityStack
from tests.push_stack import PushStack
from tests.sam_template import resources

CALLS = 30


class Player:
    """Hands events to the functions and carries what they leave in queues and streams to the next."""

    def __init__(self, deployment: Deployment, simulators: Simulators, meter: Meter) -> None:
        self.deployment = deployment
        self.stack = PushStack(deployment, simulators)
        self.stack.configure()
        self.meter = meter
        self.facts: list[tuple[str, dict[str, Any]]] = []  # the step that told it, and the queue's message
        self.changes: list[tuple[str, Event]] = []
        self._running: tuple[str, Any] = "", None  # the environment is the last function's that was started

    def handle(self, step: str, function: str, events: Iterator[Event]) -> list[Any]:
        """Have a function handle a step's events; return the answers."""
        if self._running[0] != function:
            self._running = function, self.deployment.function(function).handler
        answers = [self.meter.run(step, function, self._running[1], event) for event in events]
        while messages := self.stack.received("TimelineQueue"):
            self.facts += [(step, message) for message in messages]
            self._forget("TimelineQueue", messages)
        return answers

    def handle_changes(self, step: str, function: str, events: Iterator[tuple[str, Event]]) -> None:
        """Do the same for steps that change a caller's context: the stream tells of it."""
        for caller, event in list(events):
            old = self._context(caller)
            self.handle(step, function, iter([event]))
            images = {"OldImage": old, "NewImage": self._context(caller)}
            change = {"SequenceNumber": str(len(self.changes)), **{name: item for name, item in images.items() if item}}
            record = {"eventID": "1", "eventSource": "aws:dynamodb", "dynamodb": change}
            self.changes.append((f"record {step}", {"Records": [record]}))

    def queued_pushes(self) -> list[Event]:
        """Return what waits in the push queue, as Lambda's poller hands it over: one message at a time."""
        found: list[dict[str, Any]] = []
        while messages := self.stack.received("PushQueue"):
            self._forget("PushQueue", messages)
            found += messages
        return [as_event(message) for message in found]

    def record(self) -> None:
        """Have everything recorded that was told so far, in its order."""
        changes, self.changes = self.changes, []
        told, self.facts = self.facts, []
        for step, event in [*changes, *((f"record {step}", as_event(message)) for step, message in told)]:
            self.handle(step, "RecordCallFunction", iter([event]))

    def _context(self, caller: str) -> dict[str, Any]:
        found = self.deployment.client("dynamodb").get_item(TableName="CallContextsTable", Key=key(caller))
        item: dict[str, Any] = found.get("Item", {})
        return item

    def _forget(self, queue: str, messages: list[dict[str, Any]]) -> None:
        entries = [{"Id": m["MessageId"], "ReceiptHandle": m["ReceiptHandle"]} for m in messages]
        self.stack.sqs.delete_message_batch(QueueUrl=self.deployment.reference(queue), Entries=entries)


def key(caller: str) -> dict[str, Any]:
    """Return the key of a caller's context."""
    return {"pk": {"S": f"demo1m#{caller}"}}


def as_event(message: dict[str, Any]) -> Event:
    """Return the event of a batch of one message."""
    names = {"messageId": "MessageId", "receiptHandle": "ReceiptHandle", "body": "Body", "attributes": "Attributes"}
    return {"Records": [{ours: message[theirs] for ours, theirs in names.items()} | {"eventSource": "aws:sqs"}]}


@contextmanager
def player() -> Iterator[Player]:
    """Deploy everything, with a meter."""
    with running_simulators(ACCOUNTS) as simulators, deployed() as deployment, pytest.MonkeyPatch.context() as patch:
        others = {one.native_id for one in threading.enumerate() if one is not threading.main_thread()}
        dynamodb = deployment.client("dynamodb")
        units = Units(indexes(), lambda table, at: dynamodb.get_item(TableName=table, Key=at).get("Item", {}))
        identity = IdentityStack(deployment, simulators)
        yield Player(deployment, simulators, Meter(units, patch, {one for one in others if one}))
        identity.close()


def play(calls: int = CALLS) -> dict[str, Any]:
    """Return what each step takes, and what a call leaves behind."""
    with player() as one:
        steps.prepare(People(one.deployment), calls)
        steps.play_calls(one, calls)
        kept = {table: stored(one.deployment, table) for table in resources("AWS::DynamoDB::Table")}
        steps.play_the_rest(one, calls)
        played = {work.function for work in one.meter.steps.values()}
        return {
            "import_cpu_ms": {function: import_ms(one.deployment, function) for function in sorted(played)},
            "steps": {name: work.as_json() for name, work in one.meter.steps.items()},
            "kept_bytes": {table: [round(each / calls) for each in both] for table, both in kept.items()},
            "metrics": sorted(one.meter.metrics),
        }


if __name__ == "__main__":
    how = {"measured_on": time.strftime("%Y-%m-%d"), "python": platform.python_version(), "machine": platform.machine()}
    MEASURED.write_text(json.dumps(how | play(), indent=1) + "\n")
    sys.stdout.write(f"wrote {MEASURED}\n")
