"""The loop that the local servers share."""

import asyncio
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from local.servers import Servers


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


def test_work_is_answered() -> None:
    async def work() -> int:
        return 7

    with Servers() as servers:
        assert servers.run(work()) == 7


def test_ctrl_c_breaks_off_what_is_waited_for() -> None:
    ended = threading.Event()

    async def work() -> None:
        try:
            os.kill(os.getpid(), signal.SIGUSR1)
            await asyncio.sleep(60)
        finally:
            ended.set()

    with Servers() as servers, ctrl_c_raises():
        with pytest.raises(Stopped):
            servers.run(work())
        assert ended.wait(5)  # while the servers still run, so that it was not their end that broke it off
