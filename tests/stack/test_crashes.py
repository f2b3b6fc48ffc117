"""Processes are killed while they deliver: no push is lost, and at most one repeated ring is allowed.

The queue delivers a batch again after ten seconds, while its calls still ring.
"""

import signal
from collections import Counter
from collections.abc import Sequence

import httpx
import pytest

from local.demo import SUBSCRIBERS
from local.simulators.faults import Fault
from local.stack import LocalStack
from tests.patience import patience
from tests.push_stack import CREDENTIALS, jwt
from tests.stack.conftest import wait_until
from tests.stack.crashes import leased, marked, queue_held, settled, signalled, waiting

PHONES = {subscriber.name: [phone.token for phone in subscriber.phones] for subscriber in SUBSCRIBERS}
REDELIVERED = 25.0  # seconds: the visibility timeout, the lease that may outlast it, and a cold start


@pytest.fixture
def stack(relaying: LocalStack) -> LocalStack:
    relaying.simulators.faults.clear()
    relaying.simulators.pushes.clear()
    return relaying


def post(stack: LocalStack, *calls: tuple[str, str]) -> None:
    """Hand a push over for each (subscriber, call), in one batch."""
    with httpx.Client(base_url=stack.base_url, headers=CREDENTIALS, timeout=patience(5)) as http, queue_held(stack):
        for name, call in calls:
            fields = {"subscriberName": name, "payload": jwt(call), "payloadVersion": "2.0"}
            assert http.post("/v1/accounts/demo1m/pushtoclient", data=fields).status_code == 200


def sends(stack: LocalStack, call: str) -> Counter[str]:
    """Count the sends of a call that FCM and APNs accepted, by token."""
    return Counter(push.token for push in stack.simulators.pushes.accepted(jwt(call)))


def once(names: Sequence[str]) -> Counter[str]:
    return Counter(token for name in names for token in PHONES[name])


def killed(stack: LocalStack) -> None:
    assert signalled(stack, signal.SIGKILL) == 1


def test_killed_before_the_send_each_phone_rings_once(stack: LocalStack) -> None:
    stack.simulators.faults.add(Fault("fcm-oauth", delay_ms=4_000, times=100))  # a cold start: no token, no send

    post(stack, ("bob", "before"), ("dave", "before"))
    wait_until(lambda: leased(stack) == 2, 10)
    assert waiting(stack, "PushQueue") == 2
    killed(stack)
    stack.simulators.faults.clear()
    assert not stack.simulators.pushes.attempts()
    settled(stack, REDELIVERED)

    assert sends(stack, "before") == once(["bob", "dave"])


def test_killed_between_sends_only_unmarked_devices_get_the_push_once_more(
    stack: LocalStack,
) -> None:
    """Bob's phone is marked, and dave's first; dave's second was refused; carol's took it, but we never heard of it."""
    before, (second, *_), (carols,) = marked(stack), PHONES["dave"][::-1], PHONES["carol"]
    stack.simulators.faults.add(Fault("fcm", status=503, delay_ms=2_000, token=second))
    stack.simulators.faults.add(Fault("fcm", delay_ms=2_000, token=carols))

    post(stack, ("bob", "mid"), ("dave", "mid"), ("carol", "mid"))
    wait_until(lambda: marked(stack) == before + 2 and not stack.simulators.faults.left(), 20)
    assert signalled(stack, signal.SIGSTOP) == 1
    wait_until(lambda: len(stack.simulators.pushes.attempts(jwt("mid"))) == 4, 5)
    killed(stack)
    settled(stack, REDELIVERED)

    assert sends(stack, "mid") == once(["bob", "dave", "carol"]) + Counter({carols: 1})
    first, repeat = (push.message["data"] for push in stack.simulators.pushes.accepted() if push.token == carols)
    assert {**first, "sentAt": ""} == {**repeat, "sentAt": ""}


@pytest.mark.long
def test_killed_before_apns_takes_a_push_the_iphone_rings_once(stack: LocalStack) -> None:
    stack.simulators.faults.add(Fault("apns", error_code="IdleTimeout", delay_ms=4_000, times=100))  # no answer at all

    post(stack, ("frank", "voip-before-1"), ("frank", "voip-before-2"))
    wait_until(lambda: leased(stack) == 2, 10)
    killed(stack)
    stack.simulators.faults.clear()
    assert not stack.simulators.pushes.attempts()
    settled(stack, REDELIVERED)

    assert [sends(stack, call) for call in ("voip-before-1", "voip-before-2")] == [once(["frank"])] * 2


@pytest.mark.long
def test_killed_between_sends_to_apns_only_an_unmarked_push_comes_once_more(stack: LocalStack) -> None:
    """The first call is marked; the second was refused; the iPhone took the third, but we never heard of it."""
    post(stack, ("frank", "voip-open"))  # until APNs has answered once, a connection takes one push at a time
    settled(stack, REDELIVERED)
    before = marked(stack)
    stack.simulators.faults.add(Fault("apns", status=503, delay_ms=2_000, call="voip-2"))
    stack.simulators.faults.add(Fault("apns", delay_ms=2_000, call="voip-3"))

    calls = ["voip-1", "voip-2", "voip-3"]
    post(stack, *(("frank", call) for call in calls))
    wait_until(lambda: marked(stack) == before + 1 and not stack.simulators.faults.left(), 20)
    assert signalled(stack, signal.SIGSTOP) == 1
    wait_until(lambda: all(len(stack.simulators.pushes.attempts(jwt(call))) == 1 for call in calls), 5)
    killed(stack)
    settled(stack, REDELIVERED)

    assert [sends(stack, call).total() for call in calls] == [1, 1, 2]
    first, repeat = (push.data for push in stack.simulators.pushes.accepted(jwt("voip-3")))
    assert {**first, "sentAt": ""} == {**repeat, "sentAt": ""}


@pytest.mark.long
def test_accepted_pushes_survive_a_crash_of_the_emulator_and_all_workers(stack: LocalStack) -> None:
    calls = [f"kept-{number}" for number in range(5)]
    old, phones = stack.emulator.pid, once(["dave"])
    stack.simulators.faults.add(Fault("fcm", status=503, delay_ms=2_000, times=len(calls) * len(phones)))

    post(stack, *(("dave", call) for call in calls))
    wait_until(lambda: not stack.simulators.faults.left(), 10)
    assert leased(stack) == len(calls)
    stack.emulator.crash()
    assert stack.emulator.pid != old
    assert waiting(stack, "PushQueue") == len(calls)
    assert not stack.simulators.pushes.accepted()
    settled(stack, REDELIVERED)

    assert [sends(stack, call) for call in calls] == [phones] * len(calls)
    assert waiting(stack, "PushDeadLetterQueue") == 0
