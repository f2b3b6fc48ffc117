"""An HTTP/2 connection to a host of APNs, which all threads share through an event loop of its own."""

from __future__ import annotations

import asyncio
import json
import ssl
import sys
import time
from collections.abc import Coroutine, Mapping
from functools import cache
from threading import Lock, Thread
from typing import Any, NamedTuple

import httpcore

from switchboard.pushes.root_certificates import RootCertificates

# httpcore looks for this package at each lock that it takes, a fifth of a request's time where it is not installed.
sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]  # how Python spells "not installed"
CONNECT_SECONDS, READ_SECONDS = 2.0, 3.0
_TIMEOUTS = {"connect": CONNECT_SECONDS, "read": READ_SECONDS, "write": READ_SECONDS, "pool": READ_SECONDS}
_DEAD = (httpcore.NetworkError, httpcore.ProtocolError)
FAULTS = (*_DEAD, httpcore.TimeoutException, httpcore.UnsupportedProtocol)  # there was no answer
IDLE_SECONDS = 240.0  # a NAT gateway forgets a connection after 350 s without a word, and answers nothing then


class Answer(NamedTuple):
    """APNs' answer; `timestamp` (milliseconds) is since when a token has been invalid."""

    status: int
    reason: str = ""
    timestamp: int | None = None


class Tls(NamedTuple):
    """A TLS context, and its root certificates if there are more to trust."""

    context: ssl.SSLContext
    roots: RootCertificates | None = None


class EventLoop:
    """A thread with an event loop. httpcore loses requests where threads share a synchronous HTTP/2 client."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    def run[T](self, work: Coroutine[Any, Any, T], seconds: float) -> T:
        """Run a coroutine in the loop and return its result. Raises its error, TimeoutError after `seconds`."""
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                Thread(target=self._loop.run_forever, name="apns", daemon=True).start()
        return asyncio.run_coroutine_threadsafe(asyncio.wait_for(work, seconds), self._loop).result()


class ApnsConnection:
    """One connection, opened at the first request. It must be used in one event loop.

    It is opened anew once where it turns out to be dead: after Lambda has frozen the function, or after GOAWAY. The
    request may then arrive twice, which the phone recognises by its collapse id and by the call's UUID.
    """

    def __init__(self, base_url: str, tls: Tls) -> None:
        self._base_url, self._tls = base_url, tls
        self._pool: httpcore.AsyncConnectionPool | None = None
        self._used_at = 0.0
        self._closing: set[asyncio.Task[None]] = set()

    async def post(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send a request. Raises those of FAULTS."""
        pool = self._current()
        try:
            answer = await self._posted(pool, path, headers, body)
        except _DEAD as fault:
            if self._tls.roots:
                self._tls.roots.trust_all(fault)
            return await self._posted(self._instead_of(pool), path, headers, body)
        if answer.reason in ("Shutdown", "IdleTimeout"):
            return await self._posted(self._instead_of(pool), path, headers, body)
        return answer

    async def _posted(
        self, pool: httpcore.AsyncConnectionPool, path: str, headers: Mapping[str, str], body: bytes
    ) -> Answer:
        url, sent, limits = self._base_url + path, list(headers.items()), {"timeout": _TIMEOUTS}
        async with pool.stream("POST", url, headers=sent, content=body, extensions=limits) as response:
            self._used_at = time.time()
            try:
                return _answer(response.status, await response.aread())
            except FAULTS:
                if response.status != 200:  # a 200 with a broken body counts, since a retry would ring twice
                    raise
                return Answer(200)

    def _current(self) -> httpcore.AsyncConnectionPool:
        """Return the pool; a new one after a long time without a request, by the clock that runs during a freeze."""
        if self._pool is not None and not 0 <= time.time() - self._used_at < IDLE_SECONDS:
            return self._instead_of(self._pool)
        if self._pool is None:
            self._pool = self._new_pool()
        return self._pool

    def _instead_of(self, dead: httpcore.AsyncConnectionPool) -> httpcore.AsyncConnectionPool:
        """Return a pool that is not `dead`: requests that fail together share the next one."""
        if self._pool is dead:
            self._pool = self._new_pool()
            closing = asyncio.create_task(_closed(dead))
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)
        return self._current()

    def _new_pool(self) -> httpcore.AsyncConnectionPool:
        self._used_at = time.time()
        return httpcore.AsyncConnectionPool(
            self._tls.context, max_connections=1, max_keepalive_connections=1, http1=False, http2=True
        )


async def _closed(pool: httpcore.AsyncConnectionPool) -> None:
    """Close a pool after its other requests have ended: GOAWAY lets them end."""
    await asyncio.sleep(CONNECT_SECONDS + READ_SECONDS)
    await pool.aclose()


@cache
def tls_of(root_certificate: str | None) -> Tls:
    """Return the TLS context of all connections, which trusts Apple's roots, or else the one given (PEM) alone."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if root_certificate is None:
        return Tls(context, RootCertificates(context))
    context.load_verify_locations(cadata=root_certificate)
    return Tls(context)


def _answer(status: int, content: bytes) -> Answer:
    if status == 200:
        return Answer(200)
    try:
        body = json.loads(content)
        reason, timestamp = body.get("reason"), body.get("timestamp")
    except (ValueError, AttributeError):
        return Answer(status)
    known = timestamp if isinstance(timestamp, int) else None
    return Answer(status, reason if isinstance(reason, str) else "", known)
