"""The newest requests of the API, in memory only: for the list of requests, for the terminal, and to send one again."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import web

from local.workbench.exchange import Exchange, Message

MOST_KEPT, MOST_BYTES = 1000, 64 * 1024 * 1024  # of bodies
CONTEXT_BEFORE_MS = 60_000  # a call context belongs to the call that Dial Whom asks for within this time


@dataclass
class Requests:
    """Keeps the newest requests; `heard` are called with each."""

    heard: list[Callable[[Exchange], None]] = field(default_factory=list)
    _kept: deque[Exchange] = field(default_factory=deque)
    _bytes: int = 0
    _count: int = 0

    def record(self, request: web.Request, body: bytes, answer: web.Response, began: float) -> None:
        """Record a request that was answered; `began` is when it came, in epoch seconds."""
        self._count += 1
        sent = Message(list(request.headers.items()), body)
        got = Message(list(answer.headers.items()), answer.body if isinstance(answer.body, bytes) else b"")
        took = round((time.time() - began) * 1000)
        at, path = int(began * 1000), request.raw_path
        self._keep(Exchange(self._count, at, request.method, path, sent, answer.status, got, took))

    def newest(self, most: int = 500) -> list[Exchange]:
        """Return the newest, oldest first."""
        return list(self._kept)[-most:]

    def find(self, number: int) -> Exchange | None:
        """Return a request by its number."""
        return next((one for one in self._kept if one.number == number), None)

    def _keep(self, exchange: Exchange) -> None:
        self._kept.append(exchange)
        self._bytes += _size(exchange)
        while len(self._kept) > MOST_KEPT or self._bytes > MOST_BYTES:
            self._bytes -= _size(self._kept.popleft())
        if exchange.caller and exchange.ids:
            self._join_context(exchange)
        for hear in self.heard:
            hear(exchange)

    def _join_context(self, asked: Exchange) -> None:
        """Give the caller's newest context the id of the call."""
        for earlier in reversed(self._kept):
            if earlier.at < asked.at - CONTEXT_BEFORE_MS:
                return
            if (earlier.who, earlier.method, earlier.route) == (asked.caller, "POST", "S/context"):
                earlier.ids = earlier.ids or asked.ids[:1]
                return


def _size(exchange: Exchange) -> int:
    return len(exchange.request.body) + len(exchange.answer.body)


def line(exchange: Exchange) -> str:
    """Return a request as a line of a terminal."""
    at = time.strftime("%H:%M:%S", time.localtime(exchange.at / 1000))
    row = exchange.row()
    about = f"{exchange.status} {row['code']}".strip()
    return f"{at}  {exchange.who or '-':<12} {exchange.method:<6} {exchange.route:<34} {about}  {exchange.took_ms} ms"
