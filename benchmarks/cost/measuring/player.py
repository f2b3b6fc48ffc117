"""Invokes functions with events, and passes messages of queues and records of streams on, as Lambda does.

A push is delivered by itself, as it is while traffic is low. A batch of Calls' streams has what a window of theirs
gathers of one call; usage.py says how many calls a batch is about, at which traffic.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Any

import pytest

from benchmarks.cost.measuring.meter import Event, Meter
from benchmarks.cost.measuring.storage import items_of, stored
from benchmarks.cost.measuring.units import Item
from local.simulators import Simulators
from switchboard.timeline.items import OF_APP, PLATFORM
from tests.deployment import Deployment
from tests.push_stack import PushStack

RECORD = "RecordCallFunction"


class Player:
    """Invokes the functions, and passes messages of queues and records of streams to the next function."""

    def __init__(self, deployment: Deployment, simulators: Simulators, meter: Meter, patch: pytest.MonkeyPatch) -> None:
        self.deployment = deployment
        self.stack = PushStack(deployment, simulators)
        self.stack.configure()
        self.meter = meter
        self._changes: list[tuple[str, Event]] = []
        self._running: tuple[str, Any] = "", None  # the environment is the last function's that was started
        self._calls: dict[tuple[str, str], Item] = {}  # the items of Calls, by their keys
        self._told: list[Item] = []  # entries of Calls that no stream has told of
        self._later = 0.0
        now = time.time
        patch.setattr(time, "time", lambda: now() + self._later)

    @contextmanager
    def later(self, seconds: float) -> Iterator[None]:
        """Let what is handled meanwhile happen so much later."""
        self._later = seconds
        yield
        self._later = 0.0

    def handle(self, step: str, function: str, events: Iterator[Event]) -> list[Any]:
        """Have a function handle a step's events; return the answers."""
        if self._running[0] != function:
            self._running = function, self.deployment.function(function).handler
        answers = [self.meter.run(step, function, self._running[1], event) for event in events]
        if answers:
            self._look_at_calls(step)
        return answers

    def handle_changes(self, step: str, function: str, events: Iterator[tuple[str, Event]]) -> None:
        """Do the same for steps that change a caller's context: the stream tells of it."""
        for caller, event in events:  # each made when its turn comes: Dial Whom answers within seconds of it
            old = self._context(caller)
            self.handle(step, function, iter([event]))
            images = {"OldImage": old, "NewImage": self._context(caller)}
            self._changes.append((f"record {step}", as_batch([{name: item for name, item in images.items() if item}])))

    def queued_pushes(self) -> list[Event]:
        """Return what waits in the push queue, as Lambda's poller hands it over: one message at a time."""
        found: list[dict[str, Any]] = []
        while messages := self.stack.received("PushQueue"):
            self._forget("PushQueue", messages)
            found += messages
        return [as_event(message) for message in found]

    def record_changes(self) -> None:
        """Have all changes of contexts recorded, in their order."""
        changes, self._changes = self._changes, []
        for step, group in groupby(changes, key=lambda one: one[0]):
            self.handle(step, RECORD, (event for _, event in group))

    def follow(self, step: str, source: str) -> None:
        """Have the histories follow the new entries of a source, in one batch for each id."""
        told = sorted((item for item in self._told if item["source"]["S"] == source), key=_key)
        self._told = [item for item in self._told if item["source"]["S"] != source]
        batches = (list(group) for _, group in groupby(told, key=lambda item: item["pk"]["S"]))
        self.handle(step, RECORD, (as_batch([{"NewImage": item} for item in batch]) for batch in batches))
        assert not self.stack.waiting("TimelineQueue"), f"{step} or what came before it needed the fallback"

    def _look_at_calls(self, step: str) -> None:
        """Note what the step left in Calls, the only table that keeps for long what each call writes."""
        now = {_key(item): item for item in items_of(self.deployment, "CallsTable")}
        self.meter.steps[step].kept_bytes += stored(now.values()) - stored(self._calls.values())
        self._told += [item for at, item in now.items() if at not in self._calls and _told(item)]
        self._calls = now

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


def as_batch(changes: list[dict[str, Any]]) -> Event:
    """Return the event of a stream's batch; each change has its images."""
    records = [{"SequenceNumber": str(number), **images} for number, images in enumerate(changes)]
    return {"Records": [{"eventID": "1", "eventSource": "aws:dynamodb", "dynamodb": one} for one in records]}


def _told(item: Item) -> bool:
    """Whether a stream tells of the item: of rows, pointers and acks none does."""
    return item.get("source", {}).get("S") in (PLATFORM, OF_APP)


def _key(item: Item) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]
