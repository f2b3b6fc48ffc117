"""Answers of FCM and of its token endpoint that are not as documented."""

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from local.simulators import Simulators
from switchboard.pushes import fcm_client
from switchboard.pushes.fcm import FcmGateway
from switchboard.pushes.fcm_client import FcmClient
from switchboard.pushes.fcm_message import seconds
from switchboard.pushes.push import Outcome
from tests.fakes.raw_server import dripping, raw_server
from tests.fakes.secret import FakeSecret
from tests.integration.push.fcm import send
from tests.patience import in_time


@pytest.fixture
def odd_answer() -> Iterator[Callable[[int, bytes], str]]:
    """Serve one fixed answer to every POST, and return its address."""
    servers: list[ThreadingHTTPServer] = []

    def serve(status: int, body: bytes) -> str:
        class Odd(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Odd)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, b"", Outcome.ACCEPTED),
        (302, b"", Outcome.REJECTED),
        (404, b"<html>", Outcome.CONFIGURATION_FAULT),
        (404, b"[]", Outcome.CONFIGURATION_FAULT),
        (404, b'{"error": "gone"}', Outcome.CONFIGURATION_FAULT),
        (404, b'{"error": {"details": "none"}}', Outcome.CONFIGURATION_FAULT),
        (404, b'{"error": {"details": ["none", {"errorCode": "UNREGISTERED"}]}}', Outcome.CONFIGURATION_FAULT),
        (400, b'{"error": {"details": [{"fieldViolations": [7, {}]}]}}', Outcome.REJECTED),
        (
            400,
            b'{"error": {"message": "The registration token is not a valid FCM registration token"}}',
            Outcome.DEAD_TOKEN,
        ),
        (502, b"<html>", Outcome.RETRY),
    ],
)
def test_answers_that_are_not_fcms_own_are_read_as_far_as_they_go(
    secret: FakeSecret, odd_answer: Callable[[int, bytes], str], status: int, body: bytes, outcome: Outcome
) -> None:
    secret.content = {**secret.content, "fcm_base_url": odd_answer(status, body)}
    assert send(FcmGateway(secret, time.time)).outcome is outcome


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, b"<html>", Outcome.RETRY),
        (200, b"[]", Outcome.RETRY),
        (200, b"{}", Outcome.RETRY),
        (502, b"<html>", Outcome.RETRY),
        (302, b"", Outcome.CONFIGURATION_FAULT),
        (404, b"<html>", Outcome.CONFIGURATION_FAULT),
    ],
)
def test_a_token_endpoint_that_refuses_is_told_apart_from_one_that_fails(
    secret: FakeSecret, odd_answer: Callable[[int, bytes], str], status: int, body: bytes, outcome: Outcome
) -> None:
    secret.content = {**secret.content, "fcm": {**secret.content["fcm"], "token_uri": odd_answer(status, body)}}
    assert send(FcmGateway(secret, time.time)).outcome is outcome


@pytest.mark.parametrize("rest", [b"", b"Content-Length: 500\r\n\r\n{"], ids=["of its head", "of its body"])
def test_a_slow_answer_is_dropped_in_time_and_a_200_counts_without_its_body(
    secret: FakeSecret, monkeypatch: pytest.MonkeyPatch, rest: bytes
) -> None:
    monkeypatch.setattr(fcm_client, "READ_SECONDS", 0.4)
    with raw_server(dripping(b"HTTP/1.1 200 OK\r\nX-Drop: " + (b"1\r\n" + rest if rest else b""))) as server:
        secret.content = {**secret.content, "fcm_base_url": server.url}
        began = time.monotonic()
        outcome = send(FcmGateway(secret, time.time)).outcome
    assert outcome is (Outcome.ACCEPTED if rest else Outcome.RETRY)
    assert in_time(time.monotonic() - began, 2)


def test_a_token_that_does_not_say_how_long_it_lives_is_kept_for_an_hour(
    simulators: Simulators, secret: FakeSecret, odd_answer: Callable[[int, bytes], str]
) -> None:
    url = odd_answer(200, b'{"access_token": "one"}')
    client = FcmClient({**secret.content["fcm"], "token_uri": url}, base_url=simulators.fcm_base_url)
    client.connect()
    assert client.request_headers()["Authorization"] == "Bearer one"


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("", None),
        ("soon", None),
        ("12", 12.0),
        (" 0 ", 0.0),
        ("-3", None),
        ("Tue, 14 Nov 2023 22:13:50 GMT", 30.0),
        ("Tue, 14 Nov 2023 22:13:00 GMT", 0.0),
    ],
)
def test_retry_after_may_be_a_number_or_a_date(header: str, found: float | None) -> None:
    assert seconds(header, 1_700_000_000.0) == found
