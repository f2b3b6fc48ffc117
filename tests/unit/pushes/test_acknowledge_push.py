"""When an acknowledgement counts, and which context it gets."""

from dataclasses import replace

import pytest

from local.calls.call_data import call_data
from switchboard.calls.context import DELETED, Asked, CallContext, Ending
from switchboard.pushes.acknowledge_push import NEAR_MS, Acknowledged, AcknowledgePush
from switchboard.pushes.push import Push
from tests.fakes.call_contexts import FakeCallContexts
from tests.fakes.push import FakeDeliveries

NOW = 1_700_000_000_000
DIALLED = Asked(NOW - 1_000, 0, "context")
PUSH = Push("demo1m", "bob", call_data("alice"), "2", "", NOW)
PUSH = replace(PUSH, push_id=f"{PUSH.key}0a1b2c3d")
CONTEXT = CallContext("demo1m", "alice", "bob", "About your order", NOW - 2_000, NOW // 1000 + 3600, "Alice of Sales")


class Bench:
    def __init__(self, push: Push = PUSH, *, accepted: bool = True) -> None:
        self.contexts, deliveries = FakeCallContexts(), FakeDeliveries()
        deliveries.begin(push, now_ms=NOW, lease_ms=10_000, known_until_ms=NOW + 30_000)
        if accepted:
            deliveries.mark(push, "a-phone", last=True)
        self.acknowledge = AcknowledgePush(deliveries, self.contexts, lambda: NOW / 1000 + 2)

    def answer(self, name: str = "bob") -> Acknowledged | None:
        return self.acknowledge("demo1m", name, PUSH.push_id)


def test_the_callee_gets_the_context_of_the_call() -> None:
    bench = Bench()
    bench.contexts.put(CONTEXT)
    bench.contexts.claim("demo1m", "alice", "call-1", DIALLED)
    assert bench.answer() == Acknowledged(CONTEXT)


def test_a_context_that_no_call_used_may_be_this_calls() -> None:
    bench = Bench()
    bench.contexts.put(CONTEXT)
    assert bench.answer() == Acknowledged(CONTEXT)


def test_an_ack_of_a_push_that_no_phone_of_the_subscriber_got_does_not_count() -> None:
    bench = Bench(accepted=False)
    bench.contexts.put(CONTEXT)
    assert bench.answer() is None
    assert Bench().answer("carol") is None


@pytest.mark.parametrize(
    "context",
    [CONTEXT._replace(callee="carol"), CONTEXT._replace(set_at=NOW + 2_001)],
    ids=["to somebody else", "set after the push"],
)
def test_a_context_of_another_call_is_not_shown(context: CallContext) -> None:
    bench = Bench()
    bench.contexts.put(context)
    assert bench.answer() == Acknowledged(None)


@pytest.mark.parametrize(
    ("used_at", "shown"),
    [(NOW - NEAR_MS, True), (NOW - NEAR_MS - 1, False), (NOW + 2_000, True), (NOW + 2_001, False)],
)
def test_a_context_that_another_call_used_is_not_shown(used_at: int, shown: bool) -> None:
    bench = Bench()
    bench.contexts.put(CONTEXT._replace(set_at=NOW - 60_000))
    bench.contexts.claim("demo1m", "alice", "call-1", Asked(used_at, 0, "context"))
    assert bench.answer() == Acknowledged(CONTEXT._replace(set_at=NOW - 60_000) if shown else None)


def test_without_a_context_the_ack_counts_and_shows_none() -> None:
    bench = Bench()
    assert bench.answer() == Acknowledged(None)
    bench.contexts.put(CONTEXT)
    bench.contexts.end("demo1m", "alice", Ending(NOW, DELETED, NOW // 1000 + 60))
    assert bench.answer() == Acknowledged(None)


def test_a_push_whose_payload_names_no_caller_has_no_context() -> None:
    anonymous = replace(PUSH, payload="e30.e30.sig")
    anonymous = replace(anonymous, push_id=f"{anonymous.key}0a1b2c3d")
    bench = Bench(anonymous)
    bench.contexts.put(CONTEXT)
    assert bench.acknowledge("demo1m", "bob", anonymous.push_id) == Acknowledged(None)


def test_an_earlier_users_push_and_context_are_not_the_next_ones() -> None:
    bench = Bench()
    bench.contexts.put(CONTEXT)
    assert bench.acknowledge("demo1m", "bob", PUSH.push_id, CONTEXT.set_at) == Acknowledged(CONTEXT)
    assert bench.acknowledge("demo1m", "bob", PUSH.push_id, CONTEXT.set_at + 1) == Acknowledged(None)
    assert bench.acknowledge("demo1m", "bob", PUSH.push_id, NOW + 1) is None
