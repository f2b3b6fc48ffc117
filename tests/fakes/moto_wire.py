"""moto in this process behind our AWS clients: what they send to AWS goes to it, anything else to a real socket."""

import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPResponse
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest
from moto import mock_aws
from moto.core.botocore_stubber import BotocoreStubber

from switchboard.aws import clients as aws
from switchboard.aws.connections import Connections
from switchboard.aws.request import Request
from tests.fakes import quick_moto

quick_moto.hasten()
LONGEST = {"pk": 2048, "sk": 1024}  # bytes of a key that DynamoDB takes; moto takes any, and empty ones


class _Answer:
    """A socket with an answer to read."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def makefile(self, _mode: str) -> io.BytesIO:
        return io.BytesIO(self._content)


def connect_to_moto(patch: pytest.MonkeyPatch) -> None:
    """Let the clients reach moto; call it within `mock_aws`."""
    real = Connections.answer

    @contextmanager
    def answer(connections: Connections, request: Request, *, anew: bool = False) -> Iterator[HTTPResponse]:
        if not connections.host.endswith((".amazonaws.com", ".amazonaws.com.cn")):
            with real(connections, request, anew=anew) as response:
                yield response
            return
        sock: Any = _Answer(_of_moto(connections.host, request))
        response = HTTPResponse(sock, method=request.method)
        response.begin()
        yield response

    patch.setattr(Connections, "answer", answer)


@contextmanager
def moto_client(service: Any) -> Iterator[Any]:
    """Yield a client of ours for an empty moto."""
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        patch.setenv("AWS_REGION", "ap-south-1")
        aws.credentials.cache_clear()
        connect_to_moto(patch)
        yield aws.client(service)
        aws.credentials.cache_clear()


def _of_moto(host: str, request: Request) -> bytes:
    if isinstance(request.body, bytes):
        body = request.body
    else:
        request.body.seek(0)
        body = request.body.read()
    if host.startswith("dynamodb.") and (name := _refused_key(json.loads(body))):
        said = {"__type": "com.amazon.coral.validate#ValidationException", "message": f"size of {name}"}
        return _bytes(400, {}, json.dumps(said).encode())
    url = f"https://{host}{request.path}"
    headers: Any = dict(request.headers)
    answered = BotocoreStubber().process_request(
        AWSPreparedRequest(request.method, url, headers, body, stream_output=False)
    )
    assert answered, url
    status, head, content = answered
    return _bytes(status, head, content.encode() if isinstance(content, str) else content)


def _bytes(status: int, head: Mapping[str, Any], content: bytes) -> bytes:
    kept = {name: value for name, value in head.items() if name.lower() not in ("content-length", "transfer-encoding")}
    lines = [f"HTTP/1.1 {status} Answer", f"Content-Length: {len(content)}", *(f"{n}: {v}" for n, v in kept.items())]
    return "\r\n".join([*lines, "", ""]).encode() + content


def _refused_key(value: object) -> str | None:
    """Return the name of the first key that DynamoDB refuses, which anybody can put into a path."""
    if isinstance(value, list):
        return next(filter(None, map(_refused_key, value)), None)
    if not isinstance(value, dict):
        return None
    for name, inner in value.items():
        if name in LONGEST and isinstance(inner, dict) and not 1 <= len(inner.get("S", "-").encode()) <= LONGEST[name]:
            return str(name)
    return _refused_key(list(value.values()))
