"""How often one subscriber may ask for one thing."""

import pytest

from switchboard.foundation.errors import TooManyRequestsError
from switchboard.rate_limits.request_throttle import FirstFew, RequestThrottle
from tests.fakes.clock import FakeClock
from tests.fakes.identity import FakeRateLimits


class Throttled:
    def __init__(self) -> None:
        self.clock = FakeClock(1_700_000_000.0)  # 20 s into its minute
        self.attempts = FakeRateLimits()

    def of(self, what: str) -> RequestThrottle:
        return RequestThrottle(self.attempts, self.clock, what, at_most=3, window_seconds=60)


def test_more_than_the_most_in_a_window_are_refused_until_the_next() -> None:
    throttled = Throttled()
    for _ in range(3):
        throttled.of("events").count("demo1m", "alice")
    with pytest.raises(TooManyRequestsError) as refusal:
        throttled.of("events").count("demo1m", "alice")

    assert (refusal.value.code, refusal.value.retry_after) == ("too_many_requests", 40)
    throttled.clock.now += 40
    throttled.of("events").count("demo1m", "alice")


@pytest.mark.parametrize(
    ("what", "account", "name"),
    [("feedback", "demo1m", "alice"), ("events", "other1m", "alice"), ("events", "demo1m", "bob")],
)
def test_other_things_accounts_and_subscribers_are_counted_apart(what: str, account: str, name: str) -> None:
    throttled = Throttled()
    for _ in range(3):
        throttled.of("events").count("demo1m", "alice")
    throttled.of(what).count(account, name)
    with pytest.raises(TooManyRequestsError):
        throttled.of("events").count("demo1m", "alice")


def test_the_first_few_in_an_environment_are_counted_without_a_write_and_then_the_limit_holds() -> None:
    throttled = Throttled()
    first = FirstFew(2)
    one = RequestThrottle(throttled.attempts, throttled.clock, "events", 3, 60, first)
    for _ in range(2):
        one.count("demo1m", "alice")
    assert throttled.attempts.attempts == {}
    one.count("demo1m", "bob")
    assert throttled.attempts.attempts == {}

    for _ in range(3):
        one.count("demo1m", "alice")
    with pytest.raises(TooManyRequestsError):
        one.count("demo1m", "alice")


def test_each_environment_lets_its_first_few_through_beyond_the_limit() -> None:
    throttled = Throttled()
    let_through = 0
    for _ in range(4):
        environment = RequestThrottle(throttled.attempts, throttled.clock, "events", 3, 60, FirstFew(2))
        for _ in range(10):
            try:
                environment.count("demo1m", "alice")
            except TooManyRequestsError:
                break
            let_through += 1
    assert let_through == 3 + 4 * 2


def test_a_new_window_begins_with_its_own_first_few_and_forgets_the_old_ones() -> None:
    throttled = Throttled()
    first = FirstFew(1)
    one = RequestThrottle(throttled.attempts, throttled.clock, "events", 3, 60, first)
    for name in ("alice", "bob", "carol"):
        one.count("demo1m", name)
    throttled.clock.now += 60
    one.count("demo1m", "alice")
    assert throttled.attempts.attempts == {}
    assert len(first._counts) == 1
