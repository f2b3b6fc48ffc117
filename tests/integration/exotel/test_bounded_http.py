"""Idle connections expire by the wall clock, since Lambda may stop the monotonic one."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from switchboard.exotel.bounded_http import BoundedHttp
from switchboard.exotel.bounded_sockets import IDLE_SECONDS
from switchboard.foundation.deadline import Deadline
from tests.fakes.clock import FakeClock


class Server(ThreadingHTTPServer):
    """Keeps connections open; `connections` is how many there were."""

    daemon_threads = True
    connections = 0


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        assert isinstance(self.server, Server)
        self.server.connections += 1

    def do_GET(self) -> None:
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def ask(http: BoundedHttp, server: Server) -> None:
    answer = http.send("GET", f"http://127.0.0.1:{server.server_port}/", Deadline.after(30, time.monotonic))
    assert answer.status == 204


@pytest.mark.parametrize(("passed", "connections"), [(IDLE_SECONDS - 1, 1), (IDLE_SECONDS, 2), (-1, 2)])
def test_a_connection_is_used_again_for_seconds_of_the_wall_clock(
    server: Server, passed: float, connections: int
) -> None:
    clock = FakeClock()
    http = BoundedHttp(clock)
    for _ in range(3):
        ask(http, server)
    assert server.connections == 1
    clock.now += passed
    ask(http, server)
    http.close()
    assert server.connections == connections
