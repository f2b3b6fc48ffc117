"""urllib3's connections over TLS: kept open between answers, and closed after one slow answer."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3
from urllib3.exceptions import ReadTimeoutError

from local.simulators.certificate import write_certificate
from switchboard.aws.whole_answers import bound
from tests.patience import in_time

GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
BEGUN = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"


class Server:
    """Answers GET /good whole, and anything else byte by byte."""

    def __init__(self, certificate: Path) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://127.0.0.1:{self._listener.getsockname()[1]}"
        self.connections = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._talk, args=(peer,), daemon=True).start()

    def _talk(self, peer: socket.socket) -> None:
        try:
            with self._context.wrap_socket(peer, server_side=True) as secure:
                while request := secure.recv(65536):
                    secure.sendall(GOOD if b"/good" in request else BEGUN)
                    while b"/good" not in request:
                        secure.sendall(b" ")
                        time.sleep(0.02)
        except OSError:
            return

    def close(self) -> None:
        self._listener.close()


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[tuple[urllib3.PoolManager, Server]]:
    served, root_certificate = write_certificate(tmp_path)
    server = Server(served)
    with urllib3.PoolManager(ca_certs=str(root_certificate), retries=False) as made:
        bound(made)
        yield made, server
    server.close()


def test_a_connection_serves_again_after_a_whole_answer(manager: tuple[urllib3.PoolManager, Server]) -> None:
    pool, server = manager
    for timeout in (1.0, None, 1.0):
        assert pool.request("GET", f"{server.url}/good", timeout=timeout).data == b"{}"
    assert server.connections == 1


def test_a_slow_response_is_dropped_once_the_read_timeout_has_passed_in_total(
    manager: tuple[urllib3.PoolManager, Server],
) -> None:
    pool, server = manager
    began = time.monotonic()
    with pytest.raises(ReadTimeoutError):
        pool.request("GET", f"{server.url}/drip", timeout=urllib3.Timeout(connect=2, read=0.3))
    assert in_time(time.monotonic() - began, 2)
