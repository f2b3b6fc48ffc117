"""When a push is retried, and for which phones."""

import pytest

from switchboard.pushes.deliver_push import START_WITHIN_MS
from switchboard.pushes.missed_call import Pushed
from switchboard.pushes.push import Delivery, Lease, Outcome
from tests.benches.deliver_push import ACCEPTED_AT, ANDROID, IPHONE, PUSH, QUOTA, UNAVAILABLE, DeliveryBench, outcomes
from tests.fakes.clock import FakeClock
from tests.fakes.push import FakeDeliveries


def test_a_retry_goes_only_to_the_phones_that_have_not_taken_the_push() -> None:
    bench = DeliveryBench(ANDROID, IPHONE, iphone=[UNAVAILABLE])

    first = bench.deliver(PUSH)
    second = bench.deliver(PUSH)

    assert (outcomes(first), first.retry_after) == ([Outcome.ACCEPTED, Outcome.RETRY], 2)
    assert (outcomes(second), second.retry_after) == ([Outcome.ACCEPTED], None)
    assert bench.gateway.sent == ["android", "iphone", "iphone"]


def test_a_retry_waits_for_as_long_as_fcm_asks() -> None:
    bench = DeliveryBench(ANDROID, IPHONE, android=[Delivery(Outcome.RETRY, "503", 6.2)], iphone=[UNAVAILABLE])

    assert bench.deliver(PUSH).retry_after == 7


def test_a_retry_after_of_zero_still_waits_a_second() -> None:
    assert DeliveryBench(ANDROID, android=[Delivery(Outcome.RETRY, "503", 0.0)]).deliver(PUSH).retry_after == 1


@pytest.mark.parametrize("asked", [30.0, float("inf")])
def test_a_retry_after_beyond_the_ringing_is_too_late(asked: float) -> None:
    attempt = DeliveryBench(ANDROID, android=[Delivery(Outcome.RETRY, "503", asked)]).deliver(PUSH)

    assert (outcomes(attempt), attempt.retry_after) == ([Outcome.TOO_LATE], None)


def test_a_wait_that_outlasts_the_ringing_is_too_late_and_the_others_are_tried_without_it() -> None:
    bench = DeliveryBench(ANDROID, IPHONE, android=[QUOTA], iphone=[UNAVAILABLE])

    first = bench.deliver(PUSH)
    bench.deliver(PUSH)

    assert (outcomes(first), first.retry_after) == ([Outcome.TOO_LATE, Outcome.RETRY], 2)
    assert bench.gateway.sent == ["android", "iphone", "iphone"]


@pytest.mark.parametrize(("left", "wait"), [(5.0, 2), (2.5, 2), (2.0, 1), (1.5, 1), (1.0, None), (0.4, None)], ids=str)
def test_a_retry_never_comes_after_the_ring_time(left: float, wait: int | None) -> None:
    bench = DeliveryBench(ANDROID, android=[UNAVAILABLE])
    bench.clock.now = ACCEPTED_AT / 1000 + 30 - left

    attempt = bench.deliver(PUSH)

    assert attempt.retry_after == wait
    assert outcomes(attempt) == [Outcome.RETRY if wait else Outcome.TOO_LATE]


class SlowDeliveries(FakeDeliveries):
    """Takes so many seconds to lease a push."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds
        self.clock = FakeClock()

    def begin(self, push: Pushed, *, now_ms: int, lease_ms: int, known_until_ms: int) -> Lease | None:
        self.clock.now += self.seconds
        return super().begin(push, now_ms=now_ms, lease_ms=lease_ms, known_until_ms=known_until_ms)


@pytest.mark.parametrize(
    ("seconds", "left", "outcome", "wait"),
    [(START_WITHIN_MS / 1000 + 0.1, 20.0, Outcome.RETRY, 2), (1.0, 0.9, Outcome.TOO_LATE, None)],
    ids=["ringing", "over"],
)
def test_a_store_that_took_too_long_leaves_no_time_for_a_send(
    seconds: float, left: float, outcome: Outcome, wait: int | None
) -> None:
    slow = SlowDeliveries(seconds)
    bench = DeliveryBench(ANDROID, deliveries=slow)
    slow.clock = bench.clock
    bench.clock.now = ACCEPTED_AT / 1000 + 30 - left

    attempt = bench.deliver(PUSH)

    assert (outcomes(attempt), attempt.retry_after) == ([outcome], wait)
    assert not bench.gateway.sent
