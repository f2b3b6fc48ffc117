"""Connections of urllib3 whose read timeout bounds the whole answer.

As it comes, urllib3 gives each single wait the whole timeout, so that a server which sends a byte now and then is
listened to for ever. requests and botocore both send through urllib3's pools.
"""

from __future__ import annotations

import io
import time
from collections.abc import Buffer
from functools import cache
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    import socket

    from urllib3 import HTTPConnectionPool, PoolManager


class _Socket:
    """A socket on which whatever is read through one file ends by the timeout that was set last."""

    def __init__(self, inner: socket.socket) -> None:
        self._inner = inner
        self._until = float("inf")

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 as the socket declares it
        return getattr(self._inner, name)

    def settimeout(self, seconds: float | None) -> None:
        self._until = float("inf") if seconds is None else time.monotonic() + seconds
        self._inner.settimeout(seconds)

    def makefile(self, mode: str = "rb", buffering: int = -1) -> io.RawIOBase | io.BufferedReader:
        raw = _Reader(self, self._inner.makefile(cast("Any", mode), buffering=0))
        return raw if buffering == 0 else io.BufferedReader(raw)

    def limit_next_wait(self) -> None:
        """Let the next wait last no longer than what is left. Raises TimeoutError where nothing is."""
        rest = self._until - time.monotonic()
        if rest <= 0:
            raise TimeoutError("timed out")
        self._inner.settimeout(None if rest == float("inf") else rest)


class _Reader(io.RawIOBase):
    def __init__(self, sock: _Socket, inner: socket.SocketIO) -> None:
        self._sock, self._inner = sock, inner

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int | None:
        self._sock.limit_next_wait()
        return self._inner.readinto(cast("Any", buffer))

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
        super().close()


class _WholeAnswers:
    """Mixed into a connection of urllib3's."""

    sock: Any

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]
        self.sock = _Socket(self.sock)


@cache
def _whole(pool: type[HTTPConnectionPool]) -> type[HTTPConnectionPool]:
    connection = type(pool.ConnectionCls.__name__, (_WholeAnswers, pool.ConnectionCls), {})
    return type(pool.__name__, (pool,), {"ConnectionCls": connection})


def bound(manager: PoolManager) -> None:
    """Make the read timeout of all connections that `manager` will open bound whole answers."""
    pools = manager.pool_classes_by_scheme
    manager.pool_classes_by_scheme = {scheme: _whole(pool) for scheme, pool in pools.items()}
