"""Lambda's side of SnapStart: the Runtime API, which stops a function at its snapshot, and a fake AWS.

The Runtime Interface Emulator has no snapshots. awslambdaric, which runs the hooks, is the real one.
"""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class FakeLambda:
    """A fake AWS for the function: its credentials, its secrets, and a record of the calls."""

    def __init__(self, event: dict[str, Any]) -> None:
        self.event = event
        self.key, self.password = "KEYBEFORE", "password-before"
        self.fails = False  # whatever is asked of AWS
        self.url = ""
        self.calls: list[tuple[str, str, tuple[str, int]]] = []  # operation, the key that signed, the caller's address
        self.snapshot, self.restored, self.answered = threading.Event(), threading.Event(), threading.Event()
        self.answer: dict[str, Any] = {}

    def credentials(self) -> dict[str, str]:
        return {"AccessKeyId": self.key, "SecretAccessKey": "s", "Token": "t", "Expiration": "2099-01-01T00:00:00Z"}

    def aws(self, operation: str) -> dict[str, Any]:
        entry = {"user": "exotel", "password": self.password, "path": "hook"}
        answers: dict[str, dict[str, Any]] = {
            "GetSecretValue": {"SecretString": json.dumps({"demo1m": entry})},
            "UpdateItem": {"Attributes": {"callee": {"S": "bob"}}},
            "GetItem": {"Item": {"status": {"S": "active"}}},
            "SendMessage": {"MessageId": "1"},
        }
        return answers[operation]

    def get(self, path: str) -> tuple[dict[str, Any], dict[str, str]]:
        """Answer what the runtime client asks, and where the credentials are."""
        if path == "/credentials":
            return self.credentials(), {}
        if path.endswith("/restore/next"):
            self.snapshot.set()
            self.restored.wait(20)
            return {}, {}
        if self.answered.is_set() or self.answer:
            threading.Event().wait(20)  # there is no other event
        return self.event, {"Lambda-Runtime-Aws-Request-Id": "1", "Lambda-Runtime-Deadline-Ms": "9999999999999"}


@contextmanager
def fake_lambda(event: dict[str, Any]) -> Iterator[FakeLambda]:
    made = FakeLambda(event)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.reply(*made.get(self.path.replace("/2018-06-01/runtime", "")))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if target := self.headers.get("X-Amz-Target"):
                operation = target.rpartition(".")[2]
                signer = re.search(r"Credential=(\w+)/", self.headers["Authorization"])
                made.calls.append((operation, signer[1] if signer else "", self.client_address))
                self.reply({} if made.fails else made.aws(operation), {}, 500 if made.fails else 200)
            else:
                made.answer = json.loads(body)
                made.answered.set()
                self.reply({}, {}, 202)

        def reply(self, body: dict[str, Any], headers: dict[str, str], status: int = 200) -> None:
            text = json.dumps(body).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Type": "application/json", "Content-Length": len(text)}.items():
                self.send_header(name, str(value))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    made.url = f"127.0.0.1:{server.server_address[1]}"
    try:
        yield made
    finally:
        made.restored.set()
        server.shutdown()
        thread.join()
        server.server_close()
