"""How often one subscriber may ask for one thing."""

import pytest

from switchboard.foundation.errors import TooManyRequestsError
from switchboard.rate_limits.request_throttle import RequestThrottle
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
