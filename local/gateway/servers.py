"""Servers of this process, aiohttp applications and others, which share one event loop in a thread."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Coroutine, Sequence
from types import TracebackType
from typing import Self

from aiohttp import web

from local.errors import LocalStackError


def listen(host: str = "127.0.0.1", port: int = 0) -> socket.socket:
    """A socket bound to a port (0 asks for a free one); raises LocalStackError if the port is not available."""
    try:
        listener = socket.create_server((host, port))
    except OSError as error:
        reason = str(error.strerror or error).partition(" (while")[0]  # the rest repeats the address
        raise LocalStackError(f"cannot listen on {host}:{port}: {reason}; choose with HOST and PORT") from error
    # asyncio does so only for sockets that name their protocol. Without it an answer waits 40 ms for the one before.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def port_of(listener: socket.socket) -> int:
    """The port that a socket is bound to."""
    return int(listener.getsockname()[1])


class Servers:
    """Serves applications until it is closed. Use it as a context manager."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="local-servers", daemon=True)
        self._runners: list[web.AppRunner] = []
        self._others: list[asyncio.Server] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()

    def run[Answer](self, work: Coroutine[object, object, Answer]) -> Answer:
        """Run a coroutine on the servers' loop and wait for its result; an interrupted wait cancels it."""
        running = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return running.result()
        finally:
            running.cancel()  # no effect after its end

    def serve(self, application: web.Application, *listeners: socket.socket, tls: ssl.SSLContext | None = None) -> None:
        """Serve an application on sockets from `listen`; with a TLS context, on the last of them over TLS."""
        self.run(self._serve(application, listeners, tls))

    def serve_protocol(
        self, protocol: Callable[[], asyncio.Protocol], listener: socket.socket, tls: ssl.SSLContext
    ) -> None:
        """Serve a protocol of asyncio over TLS on a socket from `listen`."""

        async def begin() -> None:
            self._others.append(await asyncio.get_running_loop().create_server(protocol, sock=listener, ssl=tls))

        self.run(begin())

    async def _serve(
        self, application: web.Application, listeners: Sequence[socket.socket], tls: ssl.SSLContext | None
    ) -> None:
        # API Gateway's HTTP APIs do not decompress bodies
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=1, auto_decompress=False)
        await runner.setup()
        self._runners.append(runner)
        for listener in listeners:
            context = tls if listener is listeners[-1] else None
            await web.SockSite(runner, listener, backlog=1024, ssl_context=context).start()

    async def _close(self) -> None:
        for runner in reversed(self._runners):
            await runner.cleanup()
        for server in self._others:
            server.close()
            server.abort_clients()
        await asyncio.sleep(0)  # for the transports to close
