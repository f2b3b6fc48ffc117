"""Server-sent events for open pages (WHATWG HTML, 9.2)."""

import asyncio
import json
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

from aiohttp import web

MOST_WAITING = 1000  # events of one connection; a page that is further behind connects again and reads everything anew
LOOK_SECONDS, SIGN_OF_LIFE_SECONDS = 0.5, 10.0


@dataclass(eq=False)
class Listener:
    """One connection, which gets the events of its topics."""

    topics: frozenset[str]
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)
    waiting: asyncio.Queue[bytes | None] = field(default_factory=asyncio.Queue)

    def put(self, event: bytes | None) -> None:
        """Add an event, from any thread; None ends the connection."""
        self.loop.call_soon_threadsafe(self.waiting.put_nowait, event)


class Feed:
    """Sends events to connections by topic. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: set[Listener] = set()
        self._closed = False

    def publish(self, topic: str, kind: str, about: object) -> None:
        """Send an event, whose JSON is `about`, to all who listen to the topic."""
        event = written(kind, about)
        with self._lock:
            for listener in self._listeners:
                if topic in listener.topics:
                    late = listener.waiting.qsize() >= MOST_WAITING
                    listener.put(None if late else event)

    def listened(self, topic: str) -> bool:
        """Whether somebody listens to the topic."""
        with self._lock:
            return any(topic in listener.topics for listener in self._listeners)

    async def close(self, _: object = None) -> None:
        """End all connections, and any new one at once."""
        with self._lock:
            self._closed = True
            for listener in self._listeners:
                listener.put(None)

    async def serve(
        self, request: web.Request, topics: Iterable[str], first: Iterable[tuple[str, object]] = ()
    ) -> web.StreamResponse:
        """Answer with the events of these topics until the page leaves; `first` are sent at once."""
        listener = Listener(frozenset(topics))
        with self._lock:
            self._listeners.add(listener)
        answer = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        try:
            await answer.prepare(request)
            await self._send(request, answer, listener, b"".join(written(kind, about) for kind, about in first))
        except ConnectionResetError:
            pass  # the page has left
        finally:
            with self._lock:
                self._listeners.discard(listener)
        return answer

    async def _send(self, request: web.Request, answer: web.StreamResponse, listener: Listener, first: bytes) -> None:
        await answer.write(b"retry: 1000\n\n" + first)
        quiet = 0.0
        while not self._closed and request.transport is not None and not request.transport.is_closing():
            try:
                event = await asyncio.wait_for(listener.waiting.get(), LOOK_SECONDS)
            except TimeoutError:
                quiet += LOOK_SECONDS
                event = b": still here\n\n" if quiet >= SIGN_OF_LIFE_SECONDS else b""
            if event is None:
                break
            if event:
                quiet = 0.0
                await answer.write(event)


def written(kind: str, about: object) -> bytes:
    """Return an event in the form of a text/event-stream."""
    return f"event: {kind}\ndata: {json.dumps(about)}\n\n".encode()
