"""Connections to AWS over TLS: kept open, replaced where the server has closed them, and checked."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from local.simulators.certificate import write_certificate
from switchboard.aws import connections as module
from switchboard.aws.connections import Connections
from switchboard.aws.credentials import CredentialSource
from switchboard.aws.errors import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)
from switchboard.aws.json_client import JsonClient
from switchboard.aws.request import Request
from switchboard.aws.signing import Scope
from tests.fakes.raw_server import raw_server, saying
from tests.fakes.tls_server import TlsServer
from tests.patience import in_time

GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
LAST = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"


class Server(TlsServer):
    """`close_all` closes the connections that are open, as AWS does with idle ones, `mute` says nothing.

    The next `hang_up` requests get no answer: their connections are closed.
    """

    def __init__(self, certificate: Path) -> None:
        self.opened: list[socket.socket] = []
        self.answer, self.mute, self.hang_up = GOOD, threading.Event(), 0
        super().__init__(certificate)

    def talk(self, secure: ssl.SSLSocket) -> None:
        self.opened.append(secure)
        muted = self.mute.is_set()
        while secure.recv(65536):
            if self.hang_up:
                self.hang_up -= 1
                return
            if self.mute.is_set() and not muted:
                continue  # one that was open before
            secure.sendall(self.answer)

    def close_all(self) -> None:
        for secure in self.opened:
            secure.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    served, root_certificate = write_certificate(tmp_path)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(root_certificate))
    module._tls.cache_clear()
    made = Server(served)
    yield made
    made.close()
    module._tls.cache_clear()


def got(connections: Connections, *, anew: bool = False) -> bytes:
    with connections.answer(Request("GET", "/", {"host": connections.host}), anew=anew) as response:
        content: bytes = response.read()
    return content


def made(server: Server, read: float = 1.0) -> Connections:
    return Connections(server.url, connect=1.0, read=read)


def test_one_connection_serves_many_requests(server: Server) -> None:
    connections = made(server)
    assert [got(connections) for _ in range(5)] == [b"{}"] * 5
    assert len(server.opened) == 1


def test_threads_share_the_connections_and_never_one_at_a_time(server: Server) -> None:
    connections, errors = made(server, read=5.0), list[BaseException]()

    def many() -> None:
        try:
            assert all(got(connections) == b"{}" for _ in range(20))
        except BaseException as fault:
            errors.append(fault)

    threads = [threading.Thread(target=many) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(server.opened) <= 8


def test_a_connection_that_the_server_has_closed_meanwhile_is_replaced_without_a_fault(server: Server) -> None:
    connections = made(server)
    got(connections)
    server.close_all()
    time.sleep(0.05)
    assert got(connections) == b"{}"
    assert len(server.opened) == 2


def test_a_kept_connection_that_the_server_closes_as_the_request_comes_costs_no_try(server: Server) -> None:
    connections = made(server)
    got(connections)
    server.hang_up = 1
    assert got(connections) == b"{}"
    assert len(server.opened) == 2


@pytest.mark.parametrize("kept", [False, True])
def test_a_new_connection_that_the_server_closes_is_a_fault(server: Server, *, kept: bool) -> None:
    connections = made(server)
    if kept:
        got(connections)
    server.hang_up = 1 + kept
    with pytest.raises(ConnectionClosedError):
        got(connections)
    assert not server.hang_up
    assert len(server.opened) == 1 + kept


def test_what_is_asked_anew_goes_over_a_new_connection_though_others_are_kept(server: Server) -> None:
    connections = made(server)
    got(connections)
    assert got(connections, anew=True) == b"{}"
    assert len(server.opened) == 2


@pytest.mark.parametrize(("tries", "opened"), [(1, 1), (2, 2)])
def test_the_second_try_has_a_connection_of_its_own(
    server: Server, monkeypatch: pytest.MonkeyPatch, tries: int, opened: int
) -> None:
    """Though AWS has answered the first one, whose connection is kept: the fault may be of the host behind it."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKID")
    server.answer = b"HTTP/1.1 500 Oh\r\nContent-Length: 2\r\n\r\n{}"
    client = JsonClient(made(server), CredentialSource(), Scope("ap-south-1", "dynamodb"), tries)
    with pytest.raises(ClientError):
        client.call("GetItem", TableName="t", Key={})
    assert len(server.opened) == opened


def test_after_a_connection_that_died_in_silence_the_next_try_takes_no_other_old_one(server: Server) -> None:
    connections = made(server, read=0.3)
    with connections.answer(Request("GET", "/", {"host": connections.host})) as one:
        got(connections)  # a second connection
        one.read()
    server.mute.set()  # both are dead from now on; new ones are not
    with pytest.raises(ReadTimeoutError):
        got(connections)
    assert got(connections) == b"{}"
    assert len(server.opened) == 3


def test_a_connection_that_the_server_ends_or_whose_answer_was_not_read_is_not_used_again(server: Server) -> None:
    connections = made(server)
    server.answer = LAST
    got(connections)
    server.answer = GOOD
    with connections.answer(Request("GET", "/", {"host": connections.host})):
        pass
    got(connections)
    assert len(server.opened) == 3


def test_a_server_with_a_certificate_of_nobody_known_gets_no_request(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for nothing in (None, ""):
        if nothing is None:
            monkeypatch.delenv("AWS_CA_BUNDLE")
        else:
            monkeypatch.setenv("AWS_CA_BUNDLE", nothing)  # it turns no check off
        module._tls.cache_clear()
        with pytest.raises(EndpointConnectionError, match="SSLCertVerificationError"):
            got(made(server))
    assert server.opened == []


def test_a_certificate_for_another_host_is_refused(server: Server) -> None:
    with pytest.raises(EndpointConnectionError):
        got(Connections(server.url.replace("127.0.0.1", "localhost"), connect=1.0, read=1.0))


def test_a_server_that_does_not_speak_tls_or_is_not_there_is_an_error_in_time(server: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}"
        began = time.monotonic()
        with pytest.raises(ConnectTimeoutError):
            got(Connections(url, connect=0.2, read=1.0))
        assert in_time(time.monotonic() - began, 1)
    with pytest.raises(EndpointConnectionError):
        got(Connections(url, connect=0.2, read=1.0))


def test_an_error_of_the_reader_closes_the_connection_and_stays_what_it_is(server: Server) -> None:
    connections = made(server)
    with pytest.raises(KeyError), connections.answer(Request("GET", "/", {"host": connections.host})):
        raise KeyError
    assert got(connections) == b"{}"
    assert len(server.opened) == 2


def test_an_answer_that_ends_early_is_a_fault(server: Server) -> None:
    server.answer = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\n{}"
    connections = made(server, read=0.2)
    with pytest.raises((ConnectionClosedError, ReadTimeoutError)):
        got(connections)


def test_a_file_is_sent_from_its_beginning_wherever_an_earlier_try_has_left_it() -> None:
    file = BytesIO(b"content")
    file.read()
    with raw_server(saying(LAST)) as plain:
        connections = Connections(plain.url, connect=1.0, read=1.0)
        with connections.answer(Request("PUT", "/", {"content-length": "7"}, file)) as response:
            response.read()
    assert plain.requests[0].endswith(b"\r\n\r\ncontent")
