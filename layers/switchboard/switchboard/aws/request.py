"""An HTTP request, and how it is sent over a connection."""

from __future__ import annotations

from collections.abc import Mapping
from http.client import HTTPResponse
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

if TYPE_CHECKING:
    import socket

    from switchboard.aws.whole_answers import BoundSocket

    type Connection = socket.socket | BoundSocket

_BLOCK = 65536  # bytes of a file that are sent at once


class Request(NamedTuple):
    """A request; `path` includes the query, and `headers` say how long the body is."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes | BinaryIO = b""


def sent(connection: Connection, request: Request, seconds: float) -> HTTPResponse:
    """Send the request and read the head of its answer; `seconds` limit the rest of it too."""
    response = HTTPResponse(cast("socket.socket", connection), method=request.method)
    try:
        connection.settimeout(seconds)
        _send(connection, request)
        response.begin()
    except BaseException:
        response.close()
        connection.close()
        raise
    return response


def _send(connection: Connection, request: Request) -> None:
    lines = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
    head = f"{request.method} {request.path} HTTP/1.1\r\n{lines}\r\n".encode("latin-1")
    if isinstance(request.body, bytes):
        connection.sendall(head + request.body)  # together, which fits into one packet as a rule
        return
    connection.sendall(head)
    request.body.seek(0)
    while block := request.body.read(_BLOCK):
        connection.sendall(block)
