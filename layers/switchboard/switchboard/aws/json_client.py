"""A client for the services that speak AWS's JSON protocol: DynamoDB, SQS and Secrets Manager.

It has botocore's methods, parameters and error codes. Values are those of the wire: a time is a number.
"""

from __future__ import annotations

import json
import os
import time
import zlib
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from http.client import HTTPResponse
from typing import Any, NamedTuple

from switchboard.aws.connections import Connections
from switchboard.aws.credentials import CredentialSource
from switchboard.aws.errors import ClientError, Exceptions, UnreadableAnswerError, error_class
from switchboard.aws.request import Request
from switchboard.aws.retries import tried
from switchboard.aws.signing import Scope, signed_headers

_AGENT = "switchboard"
_NO_OUTPUT = {"ChangeMessageVisibility"}  # operations whose answer may be empty


class Protocol(NamedTuple):
    """A service's version of AWS's JSON protocol, and the prefix of its operations."""

    version: str
    prefix: str


PROTOCOLS = {
    "dynamodb": Protocol("1.0", "DynamoDB_20120810"),
    "secretsmanager": Protocol("1.1", "secretsmanager"),
    "sqs": Protocol("1.0", "AmazonSQS"),
}


class JsonClient:
    """Calls one service; `client.get_item(Key=…)` is the operation GetItem. Threads may share it."""

    def __init__(self, connections: Connections, credentials: CredentialSource, scope: Scope, tries: int = 2) -> None:
        self.service = scope.service
        self.exceptions = Exceptions()
        self._connections, self._credentials, self._scope = connections, credentials, scope
        self._protocol, self._tries = PROTOCOLS[scope.service], tries

    def __getattr__(self, method: str) -> Callable[..., dict[str, Any]]:
        if method.startswith("_"):
            raise AttributeError(method)
        return partial(self.call, "".join(word.capitalize() for word in method.split("_")))

    def call(self, operation: str, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
        """Return AWS's answer. A fault that may pass is met with a second try, if there may be two. Raises AwsError."""
        if operation == "TransactWriteItems":  # so that the second try of one that succeeded is not refused
            parameters = {"ClientRequestToken": os.urandom(16).hex(), **parameters}
        body = json.dumps(parameters, separators=(",", ":")).encode()
        return tried(lambda anew: self._once(operation, body, anew=anew), self._tries)

    def _once(self, operation: str, body: bytes, *, anew: bool) -> dict[str, Any]:
        headers = {
            "host": self._connections.host,
            "content-type": f"application/x-amz-json-{self._protocol.version}",
            "x-amz-target": f"{self._protocol.prefix}.{operation}",
        }
        sent = signed_headers(
            "POST",
            "/",
            headers,
            sha256(body).hexdigest(),
            credentials=self._credentials.get(),
            scope=self._scope,
            at=time.time(),
        )
        sent |= {"content-length": str(len(body)), "user-agent": _AGENT}
        with self._connections.answer(Request("POST", "/", sent, body), anew=anew) as response:
            content = response.read()
        return _parsed(operation, response, content)


def _parsed(operation: str, response: HTTPResponse, content: bytes) -> dict[str, Any]:
    if not content and response.status < 300 and operation in _NO_OUTPUT:
        return {}
    body = _object(response, content)
    if response.status >= 300:
        raise _refusal(operation, response, body or {})
    if body is None:
        raise UnreadableAnswerError(f"{operation} returned a body that cannot be read")
    return body


def _object(response: HTTPResponse, content: bytes) -> dict[str, Any] | None:
    """Return the JSON object of a body, or None if it is none, or not the one whose checksum DynamoDB has sent."""
    checksum = response.headers.get("x-amz-crc32")
    if checksum is not None and checksum != str(zlib.crc32(content)):
        return None
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _refusal(operation: str, response: HTTPResponse, body: dict[str, Any]) -> ClientError:
    """Return the error of an answer: of the class that its type names, with the code that botocore would give it."""
    named = str(body.get("__type") or response.headers.get("x-amzn-errortype") or response.status)
    kind = named.partition(":")[0].rpartition("#")[2]
    code = (response.headers.get("x-amzn-query-error") or kind).partition(";")[0]  # SQS's older name, if it has one
    error = {"Code": code, "Message": body.get("message") or body.get("Message") or ""}
    known = {"Error": error, "ResponseMetadata": {"HTTPStatusCode": response.status}}
    return error_class(kind)({**body, **known}, operation)
