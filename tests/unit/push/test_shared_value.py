"""A value that many threads need is fetched by one of them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from switchboard.adapters.shared_value import AGAIN_SECONDS, FAILURE_SECONDS, Fetched, SharedValue
from tests.fakes.clock import FakeClock


class Source:
    """Gives 1, 2, 3 …, each fresh for a minute, or fails while `failure` is set."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.good_for = 0.0
        self.fetched = 0
        self.failure: Exception | None = None
        self.before: Callable[[], object] = lambda: None

    def __call__(self) -> Fetched[int]:
        self.before()
        self.fetched += 1
        if self.failure:
            raise self.failure
        return Fetched(self.fetched, self._clock() + 60, self._clock() + self.good_for)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def source(clock: FakeClock) -> Source:
    return Source(clock)


@pytest.fixture
def shared(source: Source, clock: FakeClock) -> SharedValue[int]:
    return SharedValue(source, clock)


def test_a_fresh_value_is_not_fetched_again(shared: SharedValue[int], clock: FakeClock) -> None:
    assert (shared.get(), shared.get()) == (1, 1)
    clock.now += 59.9
    assert shared.get() == 1
    clock.now += 0.1
    assert shared.get() == 2


def test_threads_that_ask_at_once_share_one_fetch(shared: SharedValue[int], source: Source) -> None:
    together = Barrier(8)

    def ask(_: int) -> int:
        together.wait()
        return shared.get()

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(ask, range(8))) == {1}
    assert source.fetched == 1


def test_a_refused_value_is_fetched_anew_once_for_all_who_were_refused(
    shared: SharedValue[int], source: Source
) -> None:
    refused = shared.get()

    assert (shared.renew(refused), shared.renew(refused), shared.get()) == (2, 2, 2)
    assert source.fetched == 2


def test_a_value_that_is_refused_however_new_is_not_fetched_for_each_refusal(
    shared: SharedValue[int], source: Source, clock: FakeClock
) -> None:
    assert shared.renew(shared.get()) == 2
    assert [shared.renew(2) for _ in range(5)] == [2] * 5
    assert source.fetched == 2

    clock.now += AGAIN_SECONDS
    assert shared.renew(2) == 3


def test_a_renewal_that_failed_is_tried_again(shared: SharedValue[int], source: Source, clock: FakeClock) -> None:
    refused = shared.get()
    source.failure = ConnectionError("down")
    with pytest.raises(ConnectionError):
        shared.renew(refused)
    source.failure = None
    clock.now += FAILURE_SECONDS
    assert shared.renew(refused) == 3


def test_a_value_can_be_renewed_before_it_was_ever_got(shared: SharedValue[int]) -> None:
    assert shared.renew(0) == 1


def test_a_failure_is_shared_for_a_moment_and_then_tried_again(
    shared: SharedValue[int], source: Source, clock: FakeClock
) -> None:
    source.failure = ConnectionError("down")
    for _ in range(3):
        with pytest.raises(ConnectionError):
            shared.get()
    assert source.fetched == 1

    clock.now += FAILURE_SECONDS
    source.failure = None
    assert shared.get() == 2


def test_a_value_that_is_still_good_serves_on_while_no_other_can_be_had(
    shared: SharedValue[int], source: Source, clock: FakeClock
) -> None:
    source.good_for = 300
    assert shared.get() == 1
    source.failure = ConnectionError("down")
    clock.now += 60
    assert (shared.get(), shared.get()) == (1, 1)
    assert source.fetched == 2

    clock.now += AGAIN_SECONDS
    source.failure = None
    assert shared.get() == 3


def test_while_one_fetches_the_others_have_what_is_still_good(
    shared: SharedValue[int], source: Source, clock: FakeClock
) -> None:
    source.good_for = 300
    shared.get()
    clock.now += 60
    others: list[int] = []
    source.before = lambda: others.append(shared.get())

    assert shared.get() == 2
    assert others == [1]


def test_a_value_that_is_no_longer_good_does_not_serve(
    shared: SharedValue[int], source: Source, clock: FakeClock
) -> None:
    source.good_for = 300
    shared.get()
    source.failure = ConnectionError("down")
    clock.now += 300
    with pytest.raises(ConnectionError):
        shared.get()
