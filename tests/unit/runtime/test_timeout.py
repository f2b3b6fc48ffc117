import threading

import pytest

from switchboard.foundation.errors import UnavailableError
from switchboard.runtime.timeout import WORKERS, within
from tests.patience import patience


def test_work_that_is_done_in_time_gives_its_result() -> None:
    assert within(patience(5), lambda: 42) == 42


def test_an_error_of_the_work_goes_up_as_it_is() -> None:
    with pytest.raises(ZeroDivisionError):
        within(patience(5), lambda: 1 / 0)


def test_work_that_hangs_is_abandoned() -> None:
    released = threading.Event()
    with pytest.raises(UnavailableError) as refused:
        within(0.01, lambda: released.wait(patience(5)))
    released.set()
    assert refused.value.code == "too_slow"


def test_work_that_found_no_worker_in_time_is_never_begun() -> None:
    released, begun = threading.Event(), threading.Event()
    for _ in range(WORKERS):
        with pytest.raises(UnavailableError):
            within(0.01, lambda: released.wait(patience(5)))
    with pytest.raises(UnavailableError):
        within(0.01, begun.set)
    released.set()
    assert within(patience(5), lambda: 42) == 42
    assert not begun.is_set()


def test_no_time_left_is_too_slow_at_once() -> None:
    released = threading.Event()
    with pytest.raises(UnavailableError):
        within(-1, lambda: released.wait(patience(5)))
    released.set()
