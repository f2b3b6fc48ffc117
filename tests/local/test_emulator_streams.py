import threading
from types import SimpleNamespace

import pytest

from local.emulator.streams import Beside, Later, amend
from tests.patience import patience


def test_readers_wake_a_while_after_the_write_and_not_during_it() -> None:
    woken = threading.Event()
    later = Later(woken, seconds=0.05)
    later.set()
    assert not woken.is_set()
    assert woken.wait(patience(5))


def test_the_emulators_tables_wake_the_same_readers() -> None:
    woken = threading.Event()
    tables = SimpleNamespace(esm_wake=woken)
    amend(tables, SimpleNamespace(_poll_dynamodb_streams=lambda: False))
    tables.esm_wake.set()
    assert woken.wait(patience(5))


def test_asking_for_a_read_of_streams_does_not_block_and_every_request_is_served() -> None:
    reading, go_on, read = threading.Semaphore(0), threading.Event(), []

    def read_one() -> bool:
        reading.release()
        assert go_on.wait(patience(5))
        read.append(1)
        return len(read) == 1  # there is more to read, once

    beside = Beside(read_one)
    assert beside() is False
    assert reading.acquire(timeout=patience(5))
    assert not read
    beside()  # of what was written while a read was under way
    go_on.set()
    for _ in range(2):
        assert reading.acquire(timeout=patience(5))


def test_reading_continues_after_a_failed_read(caplog: pytest.LogCaptureFixture) -> None:
    reading, failed = threading.Semaphore(0), iter([ValueError("no such table")])

    def read_one() -> bool:
        reading.release()
        for fault in failed:
            raise fault
        return False

    beside = Beside(read_one)
    for _ in range(2):
        beside()
        assert reading.acquire(timeout=patience(5))
    assert "reading a stream failed" in caplog.text
