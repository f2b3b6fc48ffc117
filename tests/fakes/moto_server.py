"""moto behind a socket, for other processes and for tests that need real connections."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from botocore.awsrequest import AWSPreparedRequest
from moto.core.botocore_stubber import BotocoreStubber

from tests.deployment import REGION

_SERVICE = re.compile(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/")


class MotoServer(ThreadingHTTPServer):
    """Serves every service from this process's moto, by the name in the signature; use it inside `deployed`."""

    daemon_threads = True
    request_queue_size = 50

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Requests)
        self.one_at_a_time = threading.Lock()  # as DynamoDB does for one item

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def done(self, method: str, headers: dict[str, str], path: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        service = _SERVICE.search(headers["Authorization"])
        assert service
        url = f"https://{service[1]}.{REGION}.amazonaws.com{path}"
        sent: Any = headers  # moto takes any mapping
        with self.one_at_a_time:
            answer = BotocoreStubber().process_request(AWSPreparedRequest(method, url, sent, body, stream_output=False))
        assert answer is not None
        status, said, text = answer
        return status, dict(said), text.encode() if isinstance(text, str) else text


class Requests(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: MotoServer

    def serve(self) -> None:
        self.answer(*self.deed())

    do_GET = do_PUT = do_POST = do_DELETE = serve  # noqa: N815 as the standard library calls them

    def deed(self) -> tuple[int, dict[str, str], bytes]:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        sent = {name.title(): value for name, value in self.headers.items()}
        return self.server.done(self.command, sent, self.path, body)

    def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                self.send_header(name, str(value))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving[S: MotoServer](server: S) -> Iterator[S]:
    with server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
