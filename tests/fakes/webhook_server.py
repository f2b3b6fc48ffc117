"""The deployed API's webhooks over real HTTP, with faults on demand."""

import base64
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

_ANSWERS = {"dialtonumber": 404, "pushtoclient": 422, "callevents": 200}


class WebhookServer:
    """`webhook` holds the accepted credentials; the other attributes are its faults."""

    def __init__(self, webhook: Mapping[str, str]) -> None:
        basic = f"{webhook['user']}:{webhook['password']}".encode()
        self.basic = f"Basic {base64.b64encode(basic).decode()}"
        self.path = f"/hooks/{webhook['path']}/"
        self.answers = dict(_ANSWERS)
        self.refusal = 401
        self.skew = 0.0
        self.requests: list[str] = []
        self.url = ""

    def status(self, path: str, authorization: str | None) -> int:
        self.requests.append(path)
        admitted = self.path in path or ("/hooks/" not in path and authorization == self.basic)
        return self.answers.get(path.rpartition("/")[2], 404) if admitted else self.refusal


@contextmanager
def webhook_server(webhook: Mapping[str, str]) -> Iterator[WebhookServer]:
    played = WebhookServer(webhook)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(played.status(urlsplit(self.path).path, self.headers.get("Authorization")))
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_GET  # noqa: N815 - the base class looks for it by this name

        def date_time_string(self, timestamp: float | None = None) -> str:
            return formatdate(time.time() + played.skew, usegmt=True)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    played.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield played
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
