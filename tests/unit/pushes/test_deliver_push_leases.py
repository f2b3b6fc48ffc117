"""Concurrent deliveries of one push, and faults of our stores: no phone rings twice, none is left out."""

from dataclasses import replace

import pytest

from switchboard.pushes.deliver_push import LEASE_MS, NOT_MARKED, START_WITHIN_MS
from switchboard.pushes.missed_call import Pushed
from switchboard.pushes.push import Attempt, Delivery, Outcome
from tests.benches.deliver_push import ACCEPTED_AT, ANDROID, IPHONE, PUSH, QUOTA, UNAVAILABLE, DeliveryBench, outcomes
from tests.fakes.push import ACCEPTED, FakeDeliveries

REFUSED = Delivery(Outcome.REJECTED, "400")


class FailingMarks(FakeDeliveries):
    """Fails to mark and to give leases back `times` times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    def mark(self, push: Pushed, *device_keys: str, accepted: bool = True, last: bool = False) -> bool:
        self._fail()
        return super().mark(push, *device_keys, accepted=accepted, last=last)

    def end(self, push: Pushed) -> None:
        self._fail()
        super().end(push)

    def _fail(self) -> None:
        self.times -= 1
        if self.times >= 0:
            raise ConnectionError("a store is down")


def test_a_failed_mark_is_written_again_so_that_a_retry_rings_no_phone_twice() -> None:
    bench = DeliveryBench(ANDROID, IPHONE, iphone=[UNAVAILABLE], deliveries=FailingMarks(1))

    bench.deliver(PUSH)
    bench.deliver(PUSH)

    assert bench.gateway.sent == ["android", "iphone", "iphone"]


def test_a_phone_that_rings_is_not_sent_to_again_because_our_store_is_down() -> None:
    bench = DeliveryBench(ANDROID, deliveries=FailingMarks(1000))

    attempt = bench.deliver(PUSH)

    assert [(d.outcome, d.reason) for d in attempt.deliveries] == [(Outcome.ACCEPTED, NOT_MARKED)]
    assert attempt.retry_after is None


@pytest.mark.parametrize("refusal", [REFUSED, QUOTA], ids=["for good", "for too long"])
def test_what_is_settled_without_ringing_does_not_come_back_because_our_store_is_down(refusal: Delivery) -> None:
    bench = DeliveryBench(ANDROID, deliveries=FailingMarks(1000), android=[refusal])

    attempt = bench.deliver(PUSH)

    assert attempt.retry_after is None
    assert len(bench.dead_letters.letters) == (refusal is REFUSED)


@pytest.mark.parametrize(("left", "outcome", "wait"), [(10.0, Outcome.RETRY, 2), (0.9, Outcome.TOO_LATE, None)])
def test_a_push_that_a_fault_kept_back_is_tried_again_while_it_rings(
    left: float, outcome: Outcome, wait: int | None
) -> None:
    bench = DeliveryBench(ANDROID)
    bench.clock.now = ACCEPTED_AT / 1000 + 30 - left

    attempt = bench.deliver.put_off(PUSH, "ReadTimeoutError")

    assert [(d.outcome, d.reason) for d in attempt.deliveries] == [(outcome, "ReadTimeoutError")]
    assert attempt.retry_after == wait


def test_two_deliveries_at_once_ring_once() -> None:
    bench = DeliveryBench(ANDROID)
    inner: list[Attempt] = []
    bench.gateway.before_answer = lambda: inner.append(bench.deliver(PUSH))

    outer = bench.deliver(PUSH)

    assert bench.gateway.sent == ["android"]
    assert (outcomes(inner[0]), inner[0].retry_after) == ([Outcome.BUSY], 2)
    assert outcomes(outer) == [Outcome.ACCEPTED]


def test_a_delivery_that_finds_another_at_work_at_the_end_of_the_ringing_is_counted_as_too_late() -> None:
    bench = DeliveryBench(ANDROID)
    bench.deliveries.begin(PUSH, now_ms=ACCEPTED_AT + 29_500, lease_ms=LEASE_MS, known_until_ms=ACCEPTED_AT + 30_000)
    bench.clock.now = ACCEPTED_AT / 1000 + 29.5

    attempt = bench.deliver(PUSH)

    assert (outcomes(attempt), attempt.retry_after) == ([Outcome.TOO_LATE], None)


def test_an_abandoned_lease_expires() -> None:
    bench = DeliveryBench(ANDROID)
    bench.deliveries.begin(PUSH, now_ms=ACCEPTED_AT, lease_ms=LEASE_MS, known_until_ms=ACCEPTED_AT + 30_000)
    bench.clock.now = (ACCEPTED_AT + LEASE_MS) / 1000

    assert outcomes(bench.deliver(PUSH)) == [Outcome.ACCEPTED]


def test_a_fault_of_ours_goes_up_after_all_sends_ended_and_the_lease_is_given_back() -> None:
    bench = DeliveryBench(ANDROID, IPHONE)

    def fail_for_the_first() -> None:
        if bench.gateway.sent == ["android"]:
            raise ConnectionError("a store is down")

    bench.gateway.before_answer = fail_for_the_first
    with pytest.raises(ConnectionError):
        bench.deliver(PUSH)

    bench.deliver(PUSH)
    assert bench.gateway.sent == ["android", "iphone", "android"]


def test_a_send_that_waited_too_long_for_a_thread_is_put_off() -> None:
    bench = DeliveryBench(ANDROID, IPHONE)

    def take_long() -> None:
        bench.clock.now += START_WITHIN_MS / 1000 + 0.1

    bench.gateway.before_answer = take_long
    attempt = bench.deliver(PUSH)

    assert outcomes(attempt) == [Outcome.ACCEPTED, Outcome.RETRY]
    assert bench.gateway.sent == ["android"]


def test_the_mark_of_the_last_phone_gives_the_lease_back_in_the_same_write() -> None:
    bench = DeliveryBench(ANDROID, IPHONE)

    bench.deliver(PUSH)

    assert bench.deliveries.writes == ["mark", "last mark"]
    assert outcomes(bench.deliver(PUSH)) == [Outcome.REPEATED]


@pytest.mark.parametrize("answer", [UNAVAILABLE, Delivery(Outcome.DEAD_TOKEN, "404")], ids=["to retry", "dead token"])
def test_a_phone_without_a_mark_leaves_the_lease_until_the_end(answer: Delivery) -> None:
    bench = DeliveryBench(ANDROID, IPHONE, android=[answer])

    bench.deliver(PUSH)

    assert bench.deliveries.writes == ["mark", "end"]


def test_what_is_refused_for_good_holds_the_lease_until_its_dead_letter_is_stored() -> None:
    bench = DeliveryBench(ANDROID, IPHONE, android=[REFUSED])
    letters_at_marks: list[int] = []
    mark = bench.deliveries.mark

    def watched(push: Pushed, *device_keys: str, accepted: bool = True, last: bool = False) -> bool:
        letters_at_marks.append(len(bench.dead_letters.letters) if last else -1)
        return mark(push, *device_keys, accepted=accepted, last=last)

    bench.deliveries.mark = watched  # type: ignore[method-assign]
    bench.deliver(PUSH)

    assert letters_at_marks == [-1, 1]
    assert bench.deliveries.writes == ["mark", "last mark"]


def test_a_last_mark_that_fails_leaves_the_lease_to_be_given_back() -> None:
    bench = DeliveryBench(ANDROID, deliveries=FailingMarks(2))

    bench.deliver(PUSH)

    assert bench.deliveries.writes == ["end"]


@pytest.mark.parametrize(("answer", "accepted"), [(ACCEPTED, True), (REFUSED, False), (QUOTA, False)])
def test_only_what_a_push_service_accepted_counts_as_accepted(answer: Delivery, accepted: bool) -> None:
    push = replace(PUSH, push_id=f"{PUSH.key}0a1b2c3d")
    bench = DeliveryBench(ANDROID, android=[answer])

    bench.deliver(push)

    found = bench.deliveries.find(push.account, push.subscriber_name, push.push_id, ACCEPTED_AT // 1000)
    assert (found is not None) is accepted
