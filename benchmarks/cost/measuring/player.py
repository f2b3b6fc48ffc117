"""Invokes functions with events, and passes messages of queues and streams on, as Lambda does.

Events reach record_call one message at a time, as they do while traffic is low: a fuller batch is cheaper.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from benchmarks.cost.measuring.meter import Event, Meter
from benchmarks.cost.measuring.storage import stored
from local.simulators import Simulators
from tests.deployment import Deployment
from tests.push_stack import PushStack


class Player:
    """Invokes the functions, and passes messages of queues and streams to the next function."""

    def __init__(self, deployment: Deployment, simulators: Simulators, meter: Meter) -> None:
        self.deployment = deployment
        self.stack = PushStack(deployment, simulators)
        self.stack.configure()
        self.meter = meter
        self.events: list[tuple[str, dict[str, Any]]] = []  # the step that sent it, and the queue's message
        self.changes: list[tuple[str, Event]] = []
        self._running: tuple[str, Any] = "", None  # the environment is the last function's that was started
        self._kept = 0, 0  # bytes in the Calls table and its index

    def handle(self, step: str, function: str, events: Iterator[Event]) -> list[Any]:
        """Have a function handle a step's events; return the answers."""
        if self._running[0] != function:
            self._running = function, self.deployment.function(function).handler
        answers = [self.meter.run(step, function, self._running[1], event) for event in events]
        if answers:
            self._count_kept(step)
        while messages := self.stack.received("TimelineQueue"):
            self.events += [(step, message) for message in messages]
            self._forget("TimelineQueue", messages)
        return answers

    def handle_changes(self, step: str, function: str, events: Iterator[tuple[str, Event]]) -> None:
        """Do the same for steps that change a caller's context: the stream tells of it."""
        for caller, event in events:  # each made when its turn comes: Dial Whom answers within seconds of it
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
        """Have all queued events recorded, in their order."""
        changes, self.changes = self.changes, []
        told, self.events = self.events, []
        waiting = [*changes, *((f"record {step}", as_event(message)) for step, message in told)]
        for step, group in groupby(waiting, key=lambda one: one[0]):
            self.handle(step, "RecordCallFunction", (event for _, event in group))

    def _count_kept(self, step: str) -> None:
        """Add what the step left behind: of all tables, only Calls keeps for long what each call writes."""
        was, self._kept = self._kept, stored(self.deployment, "CallsTable")
        before = self.meter.steps[step].kept_bytes
        self.meter.steps[step].kept_bytes = tuple(  # type: ignore[assignment]
            kept + now - old for kept, now, old in zip(before, self._kept, was, strict=True)
        )

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
