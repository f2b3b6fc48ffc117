"""When a push is tried again, and for whom."""

import pytest

from switchboard.domain.push import Delivery, Outcome
from tests.benches.deliver_push import ACCEPTED_AT, ANDROID, IPHONE, PUSH, QUOTA, UNAVAILABLE, House, outcomes


def test_a_retry_goes_only_to_the_phones_that_have_not_taken_the_push() -> None:
    house = House(ANDROID, IPHONE, iphone=[UNAVAILABLE])

    first = house.deliver(PUSH)
    second = house.deliver(PUSH)

    assert (outcomes(first), first.retry_after) == ([Outcome.ACCEPTED, Outcome.RETRY], 2)
    assert (outcomes(second), second.retry_after) == ([Outcome.ACCEPTED], None)
    assert house.gateway.sent == ["android", "iphone", "iphone"]


def test_a_retry_waits_for_as_long_as_fcm_asks() -> None:
    house = House(ANDROID, IPHONE, android=[Delivery(Outcome.RETRY, "503", 6.2)], iphone=[UNAVAILABLE])

    assert house.deliver(PUSH).retry_after == 7


def test_a_retry_after_of_nothing_still_waits_a_second() -> None:
    assert House(ANDROID, android=[Delivery(Outcome.RETRY, "503", 0.0)]).deliver(PUSH).retry_after == 1


def test_a_wait_that_outlasts_the_ringing_is_too_late_and_the_others_are_tried_without_it() -> None:
    house = House(ANDROID, IPHONE, android=[QUOTA], iphone=[UNAVAILABLE])

    first = house.deliver(PUSH)
    house.deliver(PUSH)

    assert (outcomes(first), first.retry_after) == ([Outcome.TOO_LATE, Outcome.RETRY], 2)
    assert house.gateway.sent == ["android", "iphone", "iphone"]


@pytest.mark.parametrize(("left", "wait"), [(5.0, 2), (2.5, 2), (2.0, 1), (1.5, 1), (1.0, None), (0.4, None)], ids=str)
def test_a_retry_never_comes_after_the_ring_time(left: float, wait: int | None) -> None:
    house = House(ANDROID, android=[UNAVAILABLE])
    house.clock.now = ACCEPTED_AT / 1000 + 30 - left

    attempt = house.deliver(PUSH)

    assert attempt.retry_after == wait
    assert outcomes(attempt) == [Outcome.RETRY if wait else Outcome.TOO_LATE]
