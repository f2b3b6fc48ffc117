"""Every accepted push is delivered, dead-lettered or counted as stale, in a run with random faults."""

import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest

from local.simulators import Simulators
from local.simulators.faults import Fault
from switchboard.pushes.deliver_push import NOT_MARKED
from switchboard.subscribers.subscriber import TokenType
from tests.fakes.moto_server import serving
from tests.faults.chance import FAULTS, Chancy
from tests.faults.row import struck
from tests.metrics import counted
from tests.patience import machine_is_idle, patience
from tests.push_stack import PushStack, jwt, log_lines, push_stack

SEED = 20231114
PUSHES = 80
RING_SECONDS = 8
WORKERS = 3  # of the delivery function
LONGEST_SECONDS = 60
VISIBILITY_SECONDS = 2  # of the queue; ten on AWS, for which a test need not wait
PROBABILITY = 0.15  # of a fault in each request to DynamoDB and SQS
GOOGLES = (  # for every nth answer of FCM: a short fault, one longer than the ring time, a permanent one
    Fault("fcm", status=503, every=3, times=1_000),
    Fault("fcm", status=429, retry_after=60, every=9, times=1_000),
    Fault("fcm", status=403, every=7, times=1_000),
    Fault("fcm-oauth", status=503),
)
APPLES = (
    Fault("apns", status=503, every=3, times=1_000),
    Fault("apns", error_code="TooManyRequests", every=9, times=1_000),
    Fault("apns", error_code="InvalidProviderToken", every=7, times=1_000),
)
PHONES = {TokenType.FCM: ("phone", GOOGLES), TokenType.APNS_VOIP: ("ab" * 32, APPLES)}


class Run:
    """The relay under faults: `accepted` are the calls whose push was answered with success."""

    def __init__(self, stack: PushStack, sqs: Chancy) -> None:
        self.stack, self.turn = stack, sqs.one_at_a_time
        self.queue = stack.deployment.reference("PushQueue")
        seconds = {"VisibilityTimeout": str(VISIBILITY_SECONDS)}
        stack.sqs.set_queue_attributes(QueueUrl=self.queue, Attributes=seconds)
        self.accept = stack.deployment.function("AcceptPushFunction")
        self.workers = [stack.deployment.function("DeliverPushFunction") for _ in range(WORKERS)]
        self.accepted: set[str] = set()
        self.calls: dict[str, str] = {}  # by push id; a push that Exotel sends again gets a new id

    def hand_over(self, call: str) -> None:
        """Send a push as Exotel does, with retries until it is accepted."""
        body = {"subscriberName": "dave", "payload": jwt(call), "payloadVersion": "2.0"}
        for _ in range(3):
            status, _ = self.stack.post(body, function=self.accept)
            if status == 200:
                self.accepted.add(jwt(call))
                return
            assert status == 503

    def work(self) -> None:
        """Act as Lambda's poller until all pushes are sent and none is left."""
        with ThreadPoolExecutor(8) as exotel, ThreadPoolExecutor(WORKERS) as pollers:
            sent = [exotel.submit(self.hand_over, f"call-{number}") for number in range(PUSHES)]
            polled = [pollers.submit(self.poll, worker, sent) for worker in self.workers]
        for one in (*sent, *polled):
            one.result()

    def poll(self, worker: Any, sent: Sequence[Future[None]]) -> None:
        until = time.monotonic() + patience(LONGEST_SECONDS)
        while (left := self.left()) or not all(one.done() for one in sent):
            assert time.monotonic() < until, f"{left} pushes are still in the queue"
            self.poll_once(worker)
            time.sleep(0.05)

    def poll_once(self, worker: Any) -> None:
        with self.turn:
            messages = self.stack.received()
        for message in messages:
            push = json.loads(message["Body"])
            self.calls[push["pushId"]] = push["payload"]
        back = self.stack.invoke(messages, worker) if messages else []
        with self.turn:
            for message in messages:
                if message["MessageId"] not in back:
                    self.stack.sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])

    def left(self) -> int:
        with self.turn:
            return self.stack.waiting()

    def letters(self) -> set[str]:
        found: set[str] = set()
        while letters := self.stack.received("PushDeadLetterQueue"):
            found |= {json.loads(letter["Body"])["payload"] for letter in letters}
        return found

    def stale(self, lines: str) -> set[str]:
        """Return the calls whose push was too late by the log."""
        return {self.calls[line["push_id"]] for line in told(lines) if {"stale", "too-late"} & set(line["outcomes"])}


def told(lines: str) -> Sequence[Mapping[str, Any]]:
    """Return what was logged of deliveries."""
    return [json.loads(line) for line in lines.splitlines() if '"delivered"' in line]


@pytest.mark.parametrize("kind", [TokenType.FCM, pytest.param(TokenType.APNS_VOIP, marks=pytest.mark.long)])
def test_every_accepted_push_is_delivered_or_a_dead_letter_or_counted_as_stale(
    simulators: Simulators, capsys: pytest.CaptureFixture[str], kind: TokenType
) -> None:
    token, faults = PHONES[kind]
    with ExitStack() as entered:
        stack = entered.enter_context(push_stack(simulators, RingSeconds=str(RING_SECONDS)))
        lines = entered.enter_context(log_lines())
        stack.phone(token, kind=kind)
        sqs, dynamodb = (entered.enter_context(serving(Chancy(PROBABILITY, SEED))) for _ in range(2))
        for service, server in (("SQS", sqs), ("DYNAMODB", dynamodb)):
            entered.enter_context(struck(service, server.url))
        run = Run(stack, sqs)
        for fault in faults:
            simulators.faults.add(fault)
        run.work()
        letters, stale = run.letters(), run.stale(lines.getvalue())

    accepted, sends = run.accepted, Counter(push.payload for push in simulators.pushes.accepted())
    rung = set(sends)
    ends = {
        "delivered": accepted & rung,
        "dead-lettered": accepted & letters - rung,
        "stale": accepted & stale - letters - rung,
    }
    counts = {end: len(calls) for end, calls in ends.items()}
    stale_counted = sum(counted(capsys, "StalePush"))
    assert sum(counts.values()) == len(accepted), counts
    assert all(counts.values()) or not machine_is_idle(), counts  # a busy one may deliver too few in time
    assert stale_counted >= counts["stale"]
    assert sends.total() - len(rung) <= sum(NOT_MARKED in line["reasons"] for line in told(lines.getvalue()))
    assert all(len(server.used) == len(FAULTS) for server in (sqs, dynamodb))
