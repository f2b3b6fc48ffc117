"""Sockets for httpcore that wait no longer than the request's deadline allows, each time anew."""

import socket
import ssl
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from typing import Any

import httpcore

from switchboard.foundation.clock import Clock
from switchboard.foundation.deadline import Deadline

IDLE_SECONDS = 5.0  # after which a connection is not used again; servers close theirs soon after
deadline_of_request: ContextVar[Deadline] = ContextVar("deadline_of_request")

_RESOLVERS = ThreadPoolExecutor(4, "resolve")  # one works; the others stand in for it while it hangs


def _rest(kind: type[Exception]) -> float:
    rest = deadline_of_request.get().rest()
    if rest <= 0:
        raise kind("the deadline has passed")
    return rest


class BoundedBackend(httpcore.NetworkBackend):
    """Opens connections on which each wait lasts at most what is left of `deadline_of_request`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002  the deadline's rest takes its place
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Try each address of the host; the standard library would give each of them the whole time."""
        refusal: httpcore.ConnectError | None = None
        for address in _addresses(host, port):
            rest = _rest(httpcore.ConnectTimeout)
            try:
                opened = httpcore.SyncBackend().connect_tcp(address, port, rest, local_address, socket_options)
                return _BoundedStream(opened, self._clock)
            except httpcore.ConnectError as error:
                refusal = error
        raise refusal or httpcore.ConnectError("the host has no address")


def _addresses(host: str, port: int) -> list[str]:
    """Resolve a name in a thread of its own: the system's resolver heeds no deadline."""
    asked = _RESOLVERS.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    try:
        found = asked.result(timeout=_rest(httpcore.ConnectTimeout))
    except TimeoutError:
        raise httpcore.ConnectTimeout("the host's name was not resolved in time") from None
    except OSError:
        raise httpcore.ConnectError("the host's name cannot be resolved") from None
    return [str(address[0]) for *_, address in found]


class _BoundedStream(httpcore.NetworkStream):
    """A connection that is over once nothing was read from it for IDLE_SECONDS.

    httpcore has that by the monotonic clock, which Lambda stops between two requests.
    """

    def __init__(self, inner: httpcore.NetworkStream, clock: Clock) -> None:
        self._inner = inner
        self._clock = clock
        self._used_at = clock()

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        got = self._inner.read(max_bytes, _rest(httpcore.ReadTimeout))
        self._used_at = self._clock()
        return got

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._inner.write(buffer, _rest(httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        rest = _rest(httpcore.ConnectTimeout)
        return _BoundedStream(self._inner.start_tls(ssl_context, server_hostname, rest), self._clock)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401  as httpcore declares it
        """Return what httpcore asks; what it can read from an idle connection it takes for the server's end of it."""
        idle = info == "is_readable" and not 0 <= self._clock() - self._used_at < IDLE_SECONDS
        return True if idle else self._inner.get_extra_info(info)
