"""The deployed push relay: many calls at once, a failing push service, invalid tokens."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence

import aiohttp
import pytest

from local.demo import SUBSCRIBERS
from local.simulators.faults import Fault
from local.stack import LocalStack
from switchboard.pushes.queue import encode
from tests.patience import in_time
from tests.push_stack import CREDENTIALS, jwt, push
from tests.stack.crashes import settled, waiting

RING_SECONDS = 60  # of the stack `relaying`: the longest, so that a busy machine drops no push as stale
IN_TIME_SECONDS = 15  # from the hand-over, for a burst of which the first sends fail
TRIES = 10  # of a hand-over that the queue does not take in time
SETTLED = RING_SECONDS + 15.0  # seconds: all that a call rings, and what a busy machine may be behind
BURSTS = [40, pytest.param(200, marks=pytest.mark.long)]  # pushes at once
PHONES = {subscriber.name: [phone.token for phone in subscriber.phones] for subscriber in SUBSCRIBERS}


@pytest.fixture
def stack(relaying: LocalStack) -> LocalStack:
    relaying.simulators.faults.clear()
    relaying.simulators.pushes.clear()
    return relaying


def post(stack: LocalStack, name: str, calls: Sequence[str]) -> dict[str, float]:
    """Hand over one push a call, all at once; return when each call began, by its payload."""
    return asyncio.run(_post_all(stack.base_url, name, calls))


async def _post_all(base_url: str, name: str, calls: Sequence[str]) -> dict[str, float]:
    async with aiohttp.ClientSession(headers=CREDENTIALS, connector=aiohttp.TCPConnector(limit=50)) as http:

        async def one(call: str) -> tuple[str, float]:
            fields = {"subscriberName": name, "payload": jwt(call), "payloadVersion": "2.0"}
            for _ in range(TRIES):
                async with http.post(f"{base_url}/v1/accounts/demo1m/pushtoclient", data=fields) as answer:
                    if answer.status == 200:
                        return jwt(call), time.time()
                    refused = await answer.text()
                    assert answer.status == 503, refused  # a busy machine: the answer asks to send it again
            raise AssertionError(refused)

        return dict(await asyncio.gather(*(one(call) for call in calls)))


def rang(stack: LocalStack) -> Counter[tuple[str, str]]:
    """Wait until the queue is empty, so that nothing more can ring; count what rang by token and payload."""
    settled(stack, SETTLED)
    return Counter((push.token, push.payload) for push in stack.simulators.pushes.accepted())


@pytest.mark.parametrize("pushes", BURSTS)
def test_many_pushes_at_once_each_ring_once(stack: LocalStack, pushes: int) -> None:
    calls = [f"burst-{pushes}-{number}" for number in range(pushes)]

    post(stack, "bob", calls)

    assert rang(stack) == Counter({(PHONES["bob"][0], jwt(call)): 1 for call in calls})


@pytest.mark.parametrize("pushes", BURSTS)
def test_they_still_ring_in_time_when_the_first_quarter_of_the_sends_fails(stack: LocalStack, pushes: int) -> None:
    calls = [f"flaky-{pushes}-{number}" for number in range(pushes)]
    stack.simulators.faults.add(Fault("fcm", status=503, times=pushes // 4))

    accepted_at = post(stack, "bob", calls)

    assert rang(stack) == Counter({(PHONES["bob"][0], jwt(call)): 1 for call in calls})
    assert not stack.simulators.faults.left()
    took = [push.at / 1000 - accepted_at[push.payload] for push in stack.simulators.pushes.accepted()]
    assert in_time(max(took), IN_TIME_SECONDS)


def test_a_push_sent_four_times_rings_each_phone_once(stack: LocalStack) -> None:
    post(stack, "dave", ["same"] * 4)

    assert rang(stack) == Counter({(token, jwt("same")): 1 for token in PHONES["dave"]})


def test_pushes_are_dropped_when_the_push_service_is_down_longer_than_the_ring_time(stack: LocalStack) -> None:
    stack.simulators.faults.add(Fault("fcm", status=503, times=100_000))
    calls = [push(f"down-{number}", "bob", age=RING_SECONDS - 8) for number in range(20)]
    for one in calls:
        stack.aws.sqs.send_message(QueueUrl=stack.deployment.resources["PushQueue"], MessageBody=encode(one))

    assert not rang(stack)
    tried = stack.simulators.pushes.attempts()
    assert len(tried) > len(calls)
    over = max(one.accepted_at for one in calls) / 1000 + RING_SECONDS
    assert in_time(max(one.at for one in tried) / 1000 - over, 1)  # one that began in time may arrive a moment later
    assert waiting(stack, "PushDeadLetterQueue") == 0


def test_a_message_that_fcm_refuses_is_a_dead_letter_with_its_reason(stack: LocalStack) -> None:
    stack.simulators.faults.add(Fault("fcm", status=400))

    post(stack, "bob", ["refused"])

    letters = stack.aws.sqs.receive_message(
        QueueUrl=stack.deployment.resources["PushDeadLetterQueue"], WaitTimeSeconds=10, MessageAttributeNames=["All"]
    )["Messages"]
    assert [letter["MessageAttributes"]["reason"]["StringValue"] for letter in letters] == ["400 INVALID_ARGUMENT"]


def test_an_unregistered_token_is_not_sent_to_again(stack: LocalStack) -> None:
    stack.simulators.faults.add(Fault("fcm", error_code="UNREGISTERED"))
    post(stack, "carol", ["gone"])
    assert not rang(stack)
    assert len(stack.simulators.pushes.attempts()) == 1

    post(stack, "carol", ["after"])
    assert not rang(stack)
    assert len(stack.simulators.pushes.attempts()) == 1
