"""HTTP to one endpoint of AWS, over connections that stay open between the calls of all threads."""

from __future__ import annotations

import os
import select
import socket
import ssl
import time
from contextlib import contextmanager, suppress
from functools import cache
from http.client import HTTPException, HTTPResponse
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from switchboard.aws.errors import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)
from switchboard.aws.request import Request, sent
from switchboard.aws.whole_answers import BoundSocket

if TYPE_CHECKING:
    from collections.abc import Iterator

    from switchboard.aws.request import Connection

_SHORTEST = 0.001  # seconds; no time at all would mean not to wait
_MOST_IDLE = 50  # connections that are kept; no function has more threads
# what shows that the server has closed a connection, with or without TLS's own goodbye
_CLOSED = (ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError)


class Connections:
    """Sends requests to `url`. `read` is seconds for the whole answer, or with `each_read` for each read."""

    def __init__(self, url: str, *, connect: float, read: float, each_read: bool = False) -> None:
        self._idle: list[Connection] = []
        parts = urlsplit(url)
        self.host = parts.netloc
        self._secure = parts.scheme == "https"
        self._address = parts.hostname or "", parts.port or (443 if self._secure else 80)
        self._connect, self._read, self._each_read = connect, read, each_read

    def __del__(self) -> None:
        self._close_idle()

    @contextmanager
    def answer(self, request: Request, *, anew: bool = False) -> Iterator[HTTPResponse]:
        """Send the request and yield its answer, to be read inside the block; with `anew` on a new connection.

        Raises EndpointConnectionError; ReadTimeoutError and ConnectionClosedError also inside the block.
        """
        with self._faults():
            connection, response = self._begun(request, anew=anew)
        reusable = False
        try:
            with self._faults():
                yield response
            reusable = response.isclosed() and not response.will_close  # it was read to its end
        finally:
            response.close()
            if reusable and len(self._idle) < _MOST_IDLE:
                self._idle.append(connection)
            else:
                connection.close()

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except (OSError, HTTPException) as fault:
            self._close_idle()  # they may be as old as this one
            if isinstance(fault, TimeoutError):
                raise ReadTimeoutError("the whole answer was not there in time") from fault
            raise ConnectionClosedError(f"the connection broke: {type(fault).__name__}") from fault

    def _begun(self, request: Request, *, anew: bool) -> tuple[Connection, HTTPResponse]:
        """Send the request, and return its connection and its answer, of which the head has been read.

        A kept connection that the server closes just then, because it was idle for too long, is replaced: that is no
        try that failed. Both together take no longer than a try.
        """
        began = time.monotonic()
        if not anew and (kept := self._reused()):
            with suppress(*_CLOSED):
                return kept, sent(kept, request, self._read)
        left = self._read if self._each_read else max(_SHORTEST, self._read - (time.monotonic() - began))
        opened = self._opened()
        return opened, sent(opened, request, left)

    def _reused(self) -> Connection | None:
        """Return the idle connection that was used last.

        One that the server has closed, for example while Lambda had frozen the function, is readable: with its end.
        """
        while connection := self._any_idle():
            waiting = select.poll()
            waiting.register(connection.fileno(), select.POLLIN)
            if not waiting.poll(0):
                return connection
            connection.close()
        return None

    def _opened(self) -> Connection:
        try:
            plain = socket.create_connection(self._address, self._connect)
            try:
                plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                plain.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
                opened = _tls().wrap_socket(plain, server_hostname=self._address[0]) if self._secure else plain
            except BaseException:
                plain.close()
                raise
        except TimeoutError as fault:
            raise ConnectTimeoutError(f"{self.host} was not reached in time") from fault
        except OSError as fault:
            raise EndpointConnectionError(f"{self.host} was not reached: {type(fault).__name__}") from fault
        return opened if self._each_read else BoundSocket(opened)

    def _any_idle(self) -> Connection | None:
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _close_idle(self) -> None:
        while connection := self._any_idle():
            connection.close()


@cache
def _tls() -> ssl.SSLContext:
    """Return the one context, with the root certificates of AWS_CA_BUNDLE, else certifi's: reading them takes long."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(os.environ.get("AWS_CA_BUNDLE") or _certifi())
    return context


def _certifi() -> str:
    import certifi  # noqa: PLC0415 - in AWS's Chinese regions only

    return certifi.where()
