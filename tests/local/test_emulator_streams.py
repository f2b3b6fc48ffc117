"""Streams are read beside the loop that hands out queues' messages."""

import threading
from types import SimpleNamespace

import pytest

from local.emulator.streams import amend, beside
from tests.patience import patience


def test_the_loop_does_not_wait_for_the_streams_and_they_are_read_again_and_again() -> None:
    reading, go_on = threading.Semaphore(0), threading.Event()

    def read() -> bool:
        reading.release()
        assert go_on.wait(patience(5))
        return False

    service = SimpleNamespace(_poll_dynamodb_streams=read)
    amend(service)
    assert service._poll_dynamodb_streams() is False
    assert reading.acquire(timeout=patience(5))
    go_on.set()
    for _ in range(2):
        assert reading.acquire(timeout=patience(5))


def test_nothing_is_read_before_the_loop_runs() -> None:
    read = threading.Event()

    def read_one() -> bool:
        read.set()
        return False

    begin = beside(read_one, seconds=60)
    assert not read.wait(0.05)
    begin()
    assert read.wait(patience(5))


def test_where_there_is_more_it_is_read_at_once() -> None:
    more, read_all = iter([True, True, False]), threading.Event()

    def read() -> bool:
        found = next(more)
        if not found:
            read_all.set()
        return found

    beside(read, seconds=3600)()
    assert read_all.wait(patience(5))


def test_a_read_that_fails_is_not_the_last(caplog: pytest.LogCaptureFixture) -> None:
    reading, failed = threading.Semaphore(0), iter([ValueError("no such table")])
    reads = threading.Semaphore(2)  # the thread never ends, so it waits from then on

    def read_one() -> bool:
        reads.acquire()
        reading.release()
        for fault in failed:
            raise fault
        return False

    beside(read_one, seconds=0)()
    for _ in range(2):
        assert reading.acquire(timeout=patience(5))
    assert "reading a stream failed" in caplog.text
