"""The loop that the local servers share."""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from local.gateway.servers import Servers
from tests.patience import patience


class Stopped(BaseException):
    """Ctrl-C, as the local stack takes it."""


@contextmanager
def ctrl_c_raises() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise Stopped

    before = signal.signal(signal.SIGUSR1, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGUSR1, before)


def main_thread_waits() -> bool:
    """Whether the main thread is waiting for an answer: a signal that comes before would find nothing to break off."""
    frame = sys._current_frames()[threading.main_thread().ident or 0]
    return frame.f_code is threading.Condition.wait.__code__


def test_work_is_answered() -> None:
    async def work() -> int:
        return 7

    with Servers() as servers:
        assert servers.run(work()) == 7


def test_ctrl_c_cancels_the_wait() -> None:
    ended = threading.Event()

    async def work() -> None:
        try:
            while not main_thread_waits():
                await asyncio.sleep(0.01)
            os.kill(os.getpid(), signal.SIGUSR1)
            await asyncio.sleep(60)
        finally:
            ended.set()

    with Servers() as servers, ctrl_c_raises():
        with pytest.raises(Stopped):
            servers.run(work())
        assert ended.wait(patience(5))  # while the servers still run, so that it was not their end that broke it off
