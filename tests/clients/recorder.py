"""A proxy between a client and the stack, which records every request and can drop them, as a dead network does."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.patience import patience

_SUBSCRIBER = re.compile(r"^/v1/accounts/[^/]+/subscribers/[^/]+")
_PUSH = re.compile(r"/pushes/[^/]+/")


@dataclass(frozen=True)
class Exchange:
    """A request as the client sent it, and its answer."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: Any
    status: int
    answer: Any

    @property
    def route(self) -> str:
        """The path as docs/openapi-app.json writes it."""
        path = _SUBSCRIBER.sub("/v1/accounts/{accountSid}/subscribers/{name}", self.path)
        return _PUSH.sub("/pushes/{pushId}/", path)

    @property
    def shape(self) -> dict[str, Any]:
        """What every client must send alike: the route, the names in query and body, whether there is a session."""
        return {
            "method": self.method,
            "path": self.route,
            "query": sorted(part.partition("=")[0] for part in self.query.split("&") if part),
            "body": sorted(self.body) if isinstance(self.body, dict) else [],
            "bearer": "authorization" in self.headers,
        }


@dataclass
class Recorder:
    """The proxy at `base_url`, with what it has recorded.

    While `is_cut`, no request gets an answer; while there is a `page`, each gets it, as in a hotel's network.
    """

    base_url: str = ""
    is_cut: bool = False
    page: str = ""
    exchanges: list[Exchange] = field(default_factory=list)

    def sent(self, path_end: str) -> list[Exchange]:
        """Return the exchanges of the routes that end so."""
        return [one for one in self.exchanges if one.route.endswith(path_end)]


class _Handler(BaseHTTPRequestHandler):
    """Relays one request; each server has a subclass with its own recorder and client."""

    recorder: Recorder
    http: httpx.Client

    def do_GET(self) -> None:
        self._relay()

    def do_POST(self) -> None:
        self._relay()

    def do_DELETE(self) -> None:
        self._relay()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it
        """Print nothing."""

    def _relay(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.recorder.is_cut:
            self.close_connection = True
            return
        if self.recorder.page:
            self._answer(httpx.Response(200, html=self.recorder.page))
            return
        parts, headers = urlsplit(self.path), {name.lower(): value for name, value in self.headers.items()}
        passed = {name: value for name, value in headers.items() if name not in ("host", "content-length")}
        answer = self.http.request(self.command, self.path, content=body, headers=passed)
        sent = self.command, parts.path, parts.query, headers, json.loads(body) if body else None
        answered = json.loads(answer.content) if answer.content else None
        self.recorder.exchanges.append(Exchange(*sent, answer.status_code, answered))
        self._answer(answer)

    def _answer(self, answer: httpx.Response) -> None:
        self.send_response(answer.status_code)
        for name in {"Content-Type", "Retry-After"} & {name.title() for name in answer.headers}:
            self.send_header(name, answer.headers[name])
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)


@contextmanager
def recording(target: str) -> Iterator[Recorder]:
    """Serve the proxy for `target` until the block ends."""
    recorder = Recorder()
    with httpx.Client(base_url=target, timeout=patience(30)) as http:
        handler = type("Handler", (_Handler,), {"recorder": recorder, "http": http})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        recorder.base_url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield recorder
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
