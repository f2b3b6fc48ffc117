"""urllib3's connections over TLS: kept open between answers, and closed after one slow answer."""

import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3
from urllib3.exceptions import ReadTimeoutError

from local.simulators.certificate import write_certificate
from switchboard.aws.whole_answers import bound
from tests.fakes.tls_server import TlsServer
from tests.patience import in_time

GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
BEGUN = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"


class Server(TlsServer):
    """Answers GET /good whole, and anything else byte by byte."""

    def talk(self, secure: ssl.SSLSocket) -> None:
        while request := secure.recv(65536):
            secure.sendall(GOOD if b"/good" in request else BEGUN)
            while b"/good" not in request:
                secure.sendall(b" ")
                time.sleep(0.02)


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
