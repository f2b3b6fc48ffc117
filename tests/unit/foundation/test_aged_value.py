"""A cached value that one thread fetches for all."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from switchboard.foundation.aged_value import AGAIN_SECONDS, FAILURE_SECONDS, AgedValue, Fetched
from tests.fakes.clock import FakeClock


class Source:
    """Gives 1, 2, 3 …, each fresh for a minute, or fails while `failure` is set."""

    def __init__(self, clock: FakeClock) -> None:
        self._value: AgedValue[int] = AgedValue(clock)
        self.good_for = 0.0
        self.fetched = 0
        self.failure: Exception | None = None
        self.before: Callable[[], object] = lambda: None

    def __call__(self) -> Fetched[int]:
        self.before()
        self.fetched += 1
        if self.failure:
            raise self.failure
        return Fetched(self.fetched, 60, self.good_for)

    def get(self, max_age: float = 3600) -> int:
        return self._value.get(self, max_age)

    def renew(self, refused: int) -> int:
        return self._value.renew(self, refused)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def source(clock: FakeClock) -> Source:
    return Source(clock)


def test_a_fresh_value_is_not_fetched_again(source: Source, clock: FakeClock) -> None:
    assert (source.get(), source.get()) == (1, 1)
    clock.now += 59.9
    assert source.get() == 1
    clock.now += 0.1
    assert source.get() == 2


def test_threads_that_ask_at_once_share_one_fetch(source: Source) -> None:
    together = Barrier(8)

    def ask(_: int) -> int:
        together.wait()
        return source.get()

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(ask, range(8))) == {1}
    assert source.fetched == 1


def test_a_refused_value_is_fetched_anew_once_for_all_who_were_refused(source: Source) -> None:
    refused = source.get()

    assert (source.renew(refused), source.renew(refused), source.get()) == (2, 2, 2)
    assert source.fetched == 2


def test_a_value_that_is_refused_however_new_is_not_fetched_for_each_refusal(source: Source, clock: FakeClock) -> None:
    assert source.renew(source.get()) == 2
    assert [source.renew(2) for _ in range(5)] == [2] * 5
    assert source.fetched == 2

    clock.now += AGAIN_SECONDS
    assert source.renew(2) == 3


def test_a_renewal_that_failed_is_tried_again(source: Source, clock: FakeClock) -> None:
    refused = source.get()
    source.failure = ConnectionError("down")
    with pytest.raises(ConnectionError):
        source.renew(refused)
    source.failure = None
    clock.now += FAILURE_SECONDS
    assert source.renew(refused) == 3


def test_a_value_can_be_renewed_before_it_was_ever_got(source: Source) -> None:
    assert source.renew(0) == 1


def test_a_failure_is_shared_for_a_moment_and_then_tried_again(source: Source, clock: FakeClock) -> None:
    source.failure = ConnectionError("down")
    for _ in range(3):
        with pytest.raises(ConnectionError):
            source.get()
    assert source.fetched == 1

    clock.now += FAILURE_SECONDS
    source.failure = None
    assert source.get() == 2


def test_a_value_within_its_limit_is_used_while_no_new_one_can_be_fetched(source: Source, clock: FakeClock) -> None:
    source.good_for = 300
    assert source.get() == 1
    source.failure = ConnectionError("down")
    clock.now += 60
    assert (source.get(), source.get()) == (1, 1)
    assert source.fetched == 2

    clock.now += AGAIN_SECONDS
    source.failure = None
    assert source.get() == 3


def test_while_one_thread_fetches_the_others_use_the_old_value(source: Source, clock: FakeClock) -> None:
    source.good_for = 300
    source.get()
    clock.now += 60
    others: list[int] = []
    source.before = lambda: others.append(source.get())

    assert source.get() == 2
    assert others == [1]


def test_an_expired_value_is_not_used(source: Source, clock: FakeClock) -> None:
    source.good_for = 300
    source.get()
    source.failure = ConnectionError("down")
    clock.now += 300
    with pytest.raises(ConnectionError):
        source.get()


def test_a_value_may_be_asked_for_that_is_younger_than_its_time(source: Source, clock: FakeClock) -> None:
    source.get()
    clock.now += 5
    assert (source.get(max_age=6), source.get(max_age=5), source.get(max_age=5)) == (1, 2, 2)


def test_a_value_ages_between_requests_that_are_hours_apart(source: Source, clock: FakeClock) -> None:
    for hours in range(5):
        assert source.get() == hours + 1
        clock.now += 3600


@pytest.mark.parametrize("stopped", [time.monotonic, time.perf_counter, time.process_time])
def test_a_monotonic_clock_is_refused(stopped: Callable[[], float]) -> None:
    with pytest.raises(ValueError, match="epoch seconds"):
        AgedValue(stopped)


def test_a_clock_that_is_set_back_makes_no_value_last(source: Source, clock: FakeClock) -> None:
    source.get()
    clock.now -= 86_400
    assert (source.get(), source.get()) == (2, 2)
    clock.now += 60
    assert source.get() == 3


def test_a_clock_that_was_set_back_keeps_a_value_for_a_bounded_time(source: Source, clock: FakeClock) -> None:
    source.good_for = 300
    source.get()
    source.failure = ConnectionError("down")
    clock.now -= 299
    assert source.get() == 1
    clock.now -= 86_400
    with pytest.raises(ConnectionError):
        source.get()


def test_a_failure_dated_in_the_future_does_not_stop_a_fetch(source: Source, clock: FakeClock) -> None:
    source.failure = ConnectionError("down")
    with pytest.raises(ConnectionError):
        source.get()
    source.failure = None
    clock.now -= 3600
    assert source.get() == 2


def test_a_renewal_dated_in_the_future_does_not_stop_another(source: Source, clock: FakeClock) -> None:
    assert source.renew(source.get()) == 2
    clock.now -= 3600
    assert source.renew(2) == 3


def test_a_failure_that_is_shared_does_not_grow(source: Source) -> None:
    source.failure = ConnectionError("down")
    lengths = set()
    for _ in range(5):
        with pytest.raises(ConnectionError) as raised:
            source.get()
        lengths.add(len(raised.traceback))
    assert len(lengths) <= 2


def test_a_value_is_as_old_as_its_fetch_which_may_have_been_stopped_on_the_way(
    source: Source, clock: FakeClock
) -> None:
    source.before = lambda: clock.sleep(3600)
    assert source.get() == 1
    source.before = lambda: None
    assert source.get() == 2
