"""urllib3 connections whose read timeout limits the whole response.

By default urllib3 applies the timeout to each read, so a server that sends one byte at a time can hold a connection
without end. requests uses urllib3.
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


class BoundSocket:
    """A socket whose last timeout limits all reads through one file together."""

    def __init__(self, inner: socket.socket) -> None:
        self._inner = inner
        self._until = float("inf")

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 as the socket declares it
        return getattr(self._inner, name)

    def settimeout(self, seconds: float | None) -> None:
        """Begin a period of so many seconds, which limits all that is read from now on, and each other operation."""
        self._until = float("inf") if seconds is None else time.monotonic() + seconds
        self._inner.settimeout(seconds)

    def makefile(self, mode: str = "rb", buffering: int = -1) -> io.RawIOBase | io.BufferedReader:
        """Return a file whose reads end with the period."""
        raw = _Reader(self, self._inner.makefile(cast("Any", mode), buffering=0))
        return raw if buffering == 0 else io.BufferedReader(raw)

    def limit_next_wait(self) -> None:
        """Limit the next read to the remaining time. Raises TimeoutError if there is none."""
        rest = self._until - time.monotonic()
        if rest <= 0:
            raise TimeoutError("timed out")
        self._inner.settimeout(None if rest == float("inf") else rest)


class _Reader(io.RawIOBase):
    def __init__(self, sock: BoundSocket, inner: socket.SocketIO) -> None:
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
    """A mixin for urllib3's connection classes."""

    sock: Any

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]
        self.sock = BoundSocket(self.sock)


@cache
def _whole(pool: type[HTTPConnectionPool]) -> type[HTTPConnectionPool]:
    connection = type(pool.ConnectionCls.__name__, (_WholeAnswers, pool.ConnectionCls), {})
    return type(pool.__name__, (pool,), {"ConnectionCls": connection})


def bound(manager: PoolManager) -> None:
    """Make the read timeout of the connections that `manager` opens limit whole responses."""
    pools = manager.pool_classes_by_scheme
    manager.pool_classes_by_scheme = {scheme: _whole(pool) for scheme, pool in pools.items()}
