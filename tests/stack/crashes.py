"""Helpers for tests of crashes: the delivery function's processes, and a switch for its poller."""

import os
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from benchmarks.load import memory
from local.stack import LocalStack
from tests.stack.conftest import wait_until

FUNCTION = "DeliverPushFunction"


def workers(stack: LocalStack) -> list[int]:
    """Return the processes of the delivery function that run now."""
    running = memory.workers(memory.processes(), stack.emulator.pid)
    return [pid for pid, function in running if function == FUNCTION]


def signalled(stack: LocalStack, what: signal.Signals) -> int:
    """Send a signal to each of them, and return to how many."""
    found = workers(stack)
    for pid in found:
        os.kill(pid, what)
    return len(found)


@contextmanager
def queue_held(stack: LocalStack, function: str = FUNCTION) -> Iterator[None]:
    """Stop the poller of a function's queue inside the block, so that the messages sent meanwhile make one batch."""
    functions = stack.aws.session.client("lambda", endpoint_url=stack.aws.endpoint)
    name = stack.deployment.resources[function]
    (mapping,) = functions.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
    functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    try:
        yield
    finally:
        functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)


def marked(stack: LocalStack) -> int:
    """Return how many devices are marked as having taken their push."""
    return sum(len(item.get("accepted", {"SS": []})["SS"]) for item in _deliveries(stack))


def leased(stack: LocalStack) -> int:
    """Return how many pushes are being delivered."""
    return sum(int(item["lease_until"]["N"]) > time.time() * 1000 for item in _deliveries(stack))


def _deliveries(stack: LocalStack) -> Sequence[Mapping[str, Any]]:
    dynamodb = stack.aws.session.client("dynamodb", endpoint_url=stack.aws.endpoint)
    items = dynamodb.scan(TableName=stack.deployment.resources["DeliveriesTable"])["Items"]
    return [item for item in items if item["sk"]["S"].startswith("push#")]


def settled(stack: LocalStack, seconds: float) -> None:
    """Wait until no push is left in the queue."""
    wait_until(lambda: waiting(stack, "PushQueue") == 0, seconds)


def waiting(stack: LocalStack, queue: str) -> int:
    """Return how many messages are in a queue, those out of sight too."""
    return stack.aws.queued(stack.deployment.resources[queue])
