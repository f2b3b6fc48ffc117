"""Nine ways in which a dependency can fail, in the bytes that each dependency would send."""

import json
import socket
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from tests.fakes.raw_server import Behaviour, dripping, hanging, raw_server, saying

FAULTS = ("refused", "hang", "drip", "reset", "4xx", "5xx", "throttled", "garbage", "truncated")
GARBAGE = b"\x00\xff\xfe no answer of anybody's \x80"
DRIP = dripping(b"HTTP/1.1 200 OK\r\nX-Drop: ")


class Said(NamedTuple):
    """A status line, a body, and possibly a Retry-After in seconds."""

    status: str
    body: str
    retry_after: str = ""


@dataclass(frozen=True)
class Dialect:
    """A dependency's three kinds of error answer, and the beginning of a good answer."""

    refusal: Said
    failure: Said
    throttle: Said
    begin: str = '{"'


def _aws(status: str, kind: str) -> Said:
    return Said(status, json.dumps({"__type": f"com.amazonaws#{kind}", "message": "no"}))


def _s3(status: str, code: str) -> Said:
    return Said(status, f"<Error><Code>{code}</Code><Message>no</Message></Error>")


def _google(status: str, word: str) -> Said:
    return Said(
        status, json.dumps({"error": {"code": int(status[:3]), "status": word, "message": "no", "details": []}})
    )


DYNAMODB = Dialect(
    _aws("400 Bad Request", "AccessDeniedException"),
    _aws("500 Internal Server Error", "InternalServerError"),
    _aws("400 Bad Request", "ProvisionedThroughputExceededException"),
)
SQS = Dialect(
    _aws("403 Forbidden", "AccessDeniedException"),
    _aws("503 Service Unavailable", "ServiceUnavailable"),
    _aws("403 Forbidden", "RequestThrottled"),
)
SECRETS = Dialect(
    _aws("400 Bad Request", "AccessDeniedException"),
    _aws("500 Internal Server Error", "InternalServiceError"),
    _aws("400 Bad Request", "ThrottlingException"),
)
S3 = Dialect(
    _s3("403 Forbidden", "AccessDenied"),
    _s3("500 Internal Server Error", "InternalError"),
    _s3("503 Slow Down", "SlowDown"),
    "<ListBucketResult><Contents>",
)
EXOTEL = Dialect(
    Said("401 Unauthorized", "{}"), Said("503 Service Unavailable", "{}"), Said("429 Too Many Requests", "{}", "7")
)
OAUTH = Dialect(
    Said("400 Bad Request", '{"error": "invalid_grant"}'),
    Said("503 Service Unavailable", "{}"),
    Said("429 Too Many Requests", "{}", "2"),
)
FCM = Dialect(
    _google("403 Forbidden", "PERMISSION_DENIED"),
    _google("503 Service Unavailable", "UNAVAILABLE"),
    _google("429 Too Many Requests", "RESOURCE_EXHAUSTED")._replace(retry_after="2"),
)


def _bytes(said: Said) -> bytes:
    body, wait = said.body.encode(), f"Retry-After: {said.retry_after}\r\n" if said.retry_after else ""
    return f"HTTP/1.1 {said.status}\r\n{wait}Content-Length: {len(body)}\r\n\r\n".encode() + body


def _resetting(peer: socket.socket, _: object) -> None:
    """Close with a TCP reset instead of an answer."""
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


def _behaviours(dialect: Dialect) -> Mapping[str, Behaviour]:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
    return {
        "hang": hanging,
        "drip": DRIP,
        "reset": _resetting,
        "4xx": saying(_bytes(dialect.refusal)),
        "5xx": saying(_bytes(dialect.failure)),
        "throttled": saying(_bytes(dialect.throttle)),
        "garbage": saying(head + f"{len(GARBAGE)}\r\n\r\n".encode() + GARBAGE),
        "truncated": saying(head + b"999\r\n\r\n" + dialect.begin.encode()),
    }


@contextmanager
def failing(dialect: Dialect, fault: str) -> Iterator[str]:
    """Serve a fault, and yield its URL."""
    if fault == "refused":
        with socket.create_server(("127.0.0.1", 0)) as closing:
            port = closing.getsockname()[1]
        yield f"http://127.0.0.1:{port}"
        return
    with raw_server(_behaviours(dialect)[fault]) as server:
        yield server.url
