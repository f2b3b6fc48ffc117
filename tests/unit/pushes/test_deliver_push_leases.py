"""Two deliveries of one push, and faults of our own: no phone rings twice, none is forgotten."""

import pytest

from switchboard.pushes.deliver_push import LEASE_MS, NOT_MARKED, START_WITHIN_MS
from switchboard.pushes.missed_call import Pushed
from switchboard.pushes.push import Attempt, Delivery, Outcome
from tests.benches.deliver_push import ACCEPTED_AT, ANDROID, IPHONE, PUSH, QUOTA, UNAVAILABLE, House, outcomes
from tests.fakes.push import FakeDeliveries

REFUSED = Delivery(Outcome.REJECTED, "400")


class FailingMarks(FakeDeliveries):
    """Fails to mark and to give leases back `times` times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    def mark(self, push: Pushed, device_key: str) -> None:
        self._fail()
        super().mark(push, device_key)

    def end(self, push: Pushed) -> None:
        self._fail()
        super().end(push)

    def _fail(self) -> None:
        self.times -= 1
        if self.times >= 0:
            raise ConnectionError("a store is down")


def test_a_mark_that_fails_is_made_again_so_that_a_retry_rings_nobody_twice() -> None:
    house = House(ANDROID, IPHONE, iphone=[UNAVAILABLE], deliveries=FailingMarks(1))

    house.deliver(PUSH)
    house.deliver(PUSH)

    assert house.gateway.sent == ["android", "iphone", "iphone"]


def test_a_phone_that_rings_is_not_sent_to_again_because_our_store_is_down() -> None:
    house = House(ANDROID, deliveries=FailingMarks(1000))

    attempt = house.deliver(PUSH)

    assert [(d.outcome, d.reason) for d in attempt.deliveries] == [(Outcome.ACCEPTED, NOT_MARKED)]
    assert attempt.retry_after is None


@pytest.mark.parametrize("refusal", [REFUSED, QUOTA], ids=["for good", "for too long"])
def test_what_is_settled_without_ringing_does_not_come_back_because_our_store_is_down(refusal: Delivery) -> None:
    house = House(ANDROID, deliveries=FailingMarks(1000), android=[refusal])

    attempt = house.deliver(PUSH)

    assert attempt.retry_after is None
    assert len(house.dead_letters.letters) == (refusal is REFUSED)


@pytest.mark.parametrize(("left", "outcome", "wait"), [(10.0, Outcome.RETRY, 2), (0.9, Outcome.TOO_LATE, None)])
def test_a_push_that_a_fault_kept_back_is_tried_again_while_it_rings(
    left: float, outcome: Outcome, wait: int | None
) -> None:
    house = House(ANDROID)
    house.clock.now = ACCEPTED_AT / 1000 + 30 - left

    attempt = house.deliver.put_off(PUSH, "ReadTimeoutError")

    assert [(d.outcome, d.reason) for d in attempt.deliveries] == [(outcome, "ReadTimeoutError")]
    assert attempt.retry_after == wait


def test_two_deliveries_at_once_ring_once() -> None:
    house = House(ANDROID)
    inner: list[Attempt] = []
    house.gateway.before_answer = lambda: inner.append(house.deliver(PUSH))

    outer = house.deliver(PUSH)

    assert house.gateway.sent == ["android"]
    assert (outcomes(inner[0]), inner[0].retry_after) == ([Outcome.BUSY], 2)
    assert outcomes(outer) == [Outcome.ACCEPTED]


def test_a_delivery_that_finds_another_at_work_at_the_end_of_the_ringing_is_counted_as_too_late() -> None:
    house = House(ANDROID)
    house.deliveries.begin(PUSH, now_ms=ACCEPTED_AT + 29_500, lease_ms=LEASE_MS, known_until_ms=ACCEPTED_AT + 30_000)
    house.clock.now = ACCEPTED_AT / 1000 + 29.5

    attempt = house.deliver(PUSH)

    assert (outcomes(attempt), attempt.retry_after) == ([Outcome.TOO_LATE], None)


def test_a_lease_that_its_holder_left_behind_ends_by_itself() -> None:
    house = House(ANDROID)
    house.deliveries.begin(PUSH, now_ms=ACCEPTED_AT, lease_ms=LEASE_MS, known_until_ms=ACCEPTED_AT + 30_000)
    house.clock.now = (ACCEPTED_AT + LEASE_MS) / 1000

    assert outcomes(house.deliver(PUSH)) == [Outcome.ACCEPTED]


def test_a_fault_of_ours_goes_up_after_all_sends_ended_and_the_lease_is_given_back() -> None:
    house = House(ANDROID, IPHONE)

    def fail_for_the_first() -> None:
        if house.gateway.sent == ["android"]:
            raise ConnectionError("a store is down")

    house.gateway.before_answer = fail_for_the_first
    with pytest.raises(ConnectionError):
        house.deliver(PUSH)

    house.deliver(PUSH)
    assert house.gateway.sent == ["android", "iphone", "android"]


def test_a_send_that_waited_too_long_for_a_thread_is_put_off() -> None:
    house = House(ANDROID, IPHONE)

    def take_long() -> None:
        house.clock.now += START_WITHIN_MS / 1000 + 0.1

    house.gateway.before_answer = take_long
    attempt = house.deliver(PUSH)

    assert outcomes(attempt) == [Outcome.ACCEPTED, Outcome.RETRY]
    assert house.gateway.sent == ["android"]
