"""A server that sends given bytes, for tests of answers that a correct HTTP server never sends."""

import contextlib
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

type Behaviour = Callable[[socket.socket, threading.Event], None]


def saying(answer: bytes) -> Behaviour:
    """Send these bytes and close."""
    return lambda peer, _: peer.sendall(answer)


def hanging(peer: socket.socket, stop: threading.Event) -> None:
    """Read the request and never answer."""
    stop.wait(10)


def dripping(begin: bytes, drop: bytes = b"x") -> Behaviour:
    """Send `begin`, then a few bytes every few milliseconds until the client closes."""

    def drip(peer: socket.socket, stop: threading.Event) -> None:
        peer.sendall(begin)
        while not stop.wait(0.02):
            peer.sendall(drop)

    return drip


def json_answer(body: str, status: str = "200 OK") -> bytes:
    """Return a whole HTTP answer with that JSON."""
    data = body.encode()
    return f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data


class RawServer:
    """Serves each connection with the next of its `behaviours`; the last one repeats. `tls` turns TLS on."""

    def __init__(self, *behaviours: Behaviour, tls: ssl.SSLContext | None = None) -> None:
        self.behaviours = list(behaviours)
        self._tls = tls
        self.requests: list[bytes] = []
        self.hears_requests = True  # False: answer whatever comes, before it is a whole request
        self._stop = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.05)
        self._thread = threading.Thread(target=self._accept)
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self._listener.getsockname()[1]}"

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join()
        self._listener.close()

    def _accept(self) -> None:
        while not self._stop.is_set():
            try:
                peer, _ = self._listener.accept()
            except TimeoutError:
                continue
            peer.settimeout(2)
            with (
                peer,
                contextlib.suppress(OSError),
                self._secured(peer) as secured,
            ):  # clients close the connection, as they should
                self._serve(secured)

    def _secured(self, peer: socket.socket) -> socket.socket:
        return self._tls.wrap_socket(peer, server_side=True) if self._tls else peer

    def _serve(self, peer: socket.socket) -> None:
        behaviour = self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]
        self.requests.append(_whole_request(peer) if self.hears_requests else peer.recv(65536))
        behaviour(peer, self._stop)


def _whole_request(peer: socket.socket) -> bytes:
    """Read head and body: closing with unread bytes would reset the connection."""
    request, asked = b"", False
    while not _complete(request):
        if not asked and b"\r\n\r\n" in request and b"100-continue" in request.lower():
            peer.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            asked = True
        more = peer.recv(65536)
        if not more:
            raise ConnectionError("the client left")
        request += more
    return request


def _complete(request: bytes) -> bool:
    head, end, body = request.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head.lower())
    return bool(end) and len(body) >= (int(length[1]) if length else 0)


@contextmanager
def raw_server(*behaviours: Behaviour, tls: ssl.SSLContext | None = None) -> Iterator[RawServer]:
    server = RawServer(*behaviours, tls=tls)
    server.start()
    try:
        yield server
    finally:
        server.close()
