"""DynamoDB stops answering during a delivery: after the lease, the devices, the ringing call, the first mark."""

import threading
import time
from collections.abc import Iterator

import pytest

from local.simulators import running_simulators
from switchboard.aws import clients as aws
from switchboard.pushes.deliveries import DynamoDeliveries
from switchboard.pushes.queue import encode
from tests.deployment import deployed
from tests.fakes.moto_server import MotoServer, Requests, serving
from tests.faults.fault_stack import FaultStack
from tests.faults.records import BACK, DONE, deliver
from tests.faults.row import QUICK, START_SECONDS, hurried, struck
from tests.patience import in_time
from tests.push_stack import push

FUNCTION_SECONDS = 10.0
PHONES = ["android", "iphone"]


class Tiring(MotoServer):
    """Answers a number of requests, and then none."""

    def __init__(self, answers: int) -> None:
        super().__init__()
        self.RequestHandlerClass = _TiringRequests
        self.answers, self.over = answers, threading.Event()


class _TiringRequests(Requests):
    server: Tiring

    def serve(self) -> None:
        self.server.answers -= 1
        if self.server.answers >= 0:
            super().serve()
        else:
            self.close_connection = True
            self.server.over.wait(FUNCTION_SECONDS)

    do_POST = serve  # noqa: N815 as the standard library calls it


@pytest.fixture(scope="module")
def stack() -> Iterator[FaultStack]:
    with running_simulators() as simulators, deployed() as deployment:
        yield FaultStack(deployment, simulators)


@pytest.mark.parametrize(
    ("answers", "got"),
    [(1, BACK), (3, BACK), (4, DONE), (5, DONE), (6, DONE)],
    ids=["after the lease", "after the devices", "after the ringing call", "after one mark", "after both marks"],
)
def test_a_push_ends_in_time_and_rings_each_phone_once(stack: FaultStack, answers: int, got: str) -> None:
    stack.reset()
    for token in PHONES:
        stack.phone(token)
    one = push(f"call-{answers}")
    with serving(Tiring(answers)) as server, struck("DYNAMODB", server.url), hurried():
        began = time.monotonic()
        assert deliver(stack, stack.last(encode(one))) == got
        assert in_time(time.monotonic() - began, FUNCTION_SECONDS * QUICK + START_SECONDS)
        server.over.set()
    assert sorted(stack.rang()) == ([] if got == BACK else PHONES)

    if got == BACK:
        DynamoDeliveries(aws.client("dynamodb"), "DeliveriesTable").end(one)  # else the lease would have to expire
        assert deliver(stack, stack.message) == DONE
        assert sorted(stack.rang()) == PHONES
