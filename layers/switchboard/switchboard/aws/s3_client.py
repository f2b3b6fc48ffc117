"""A client for S3, with botocore's methods and parameters as far as functions use them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from hashlib import sha256
from http.client import HTTPResponse, IncompleteRead
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple
from urllib.parse import quote

from switchboard.aws.connections import Connections
from switchboard.aws.credentials import CredentialSource
from switchboard.aws.endpoints import given_endpoint, region
from switchboard.aws.errors import ClientError, UnreadableAnswerError
from switchboard.aws.objects import Place
from switchboard.aws.request import Request
from switchboard.aws.retries import tried
from switchboard.aws.signing import Scope, encoded_query, signed_headers

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_HEADERS = {
    "ContentType": "content-type",
    "IfNoneMatch": "if-none-match",
    "MetadataDirective": "x-amz-metadata-directive",
    "TaggingDirective": "x-amz-tagging-directive",
}
_BLOCK = 65536  # bytes

type Parameters = Mapping[str, Any]


class Try(NamedTuple):
    """A try of an operation; the second one opens a connection of its own."""

    operation: str
    anew: bool


class Body:
    """The content of an object, as it arrives. If it is not read to its end, its connection is closed."""

    def __init__(self, response: HTTPResponse, ending: ExitStack) -> None:
        self._response, self._ending = response, ending

    def iter_chunks(self, size: int) -> Iterator[bytes]:
        """Yield the content in pieces of at most `size` bytes. Raises AwsError if the connection breaks."""
        with self._ending:
            while piece := self._response.read(size):
                yield piece
            if self._response.length:
                raise IncompleteRead(b"", self._response.length)

    def read(self) -> bytes:
        """Return the whole content. Raises AwsError if the connection breaks."""
        return b"".join(self.iter_chunks(_BLOCK))


class S3Client:
    """`client.put_object(Bucket=…, Key=…, Body=…)` is the operation PutObject. Threads may share it."""

    service = "s3"

    def __init__(
        self, connections: Callable[[str], Connections], credentials: CredentialSource, tries: int = 2
    ) -> None:
        """Take a function that returns connections to a URL, the credentials, and how often to try (1 or 2)."""
        self._make, self._credentials, self._tries = connections, credentials, tries
        self._made: dict[str, Connections] = {}

    def __getattr__(self, method: str) -> Callable[..., dict[str, Any]]:
        if method.startswith("_"):
            raise AttributeError(method)
        return partial(self.call, "".join(word.capitalize() for word in method.split("_")))

    def call(self, operation: str, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401 - S3's
        """Return the part of S3's answer that functions use. A fault that may pass is tried again, if it may be.

        Raises AwsError.
        """
        return tried(lambda anew: _OPERATIONS[operation](self, Try(operation, anew), parameters), self._tries)

    def _list(self, one: Try, asked: Parameters) -> dict[str, Any]:
        query = {"list-type": "2", "prefix": asked["Prefix"], "max-keys": str(asked["MaxKeys"])}
        if "StartAfter" in asked:
            query["start-after"] = asked["StartAfter"]
        listed = _xml(one.operation, self._content(one, "GET", asked, query=encoded_query(query)))
        return {"Contents": [_listed(found) for found in listed.iterfind("{*}Contents")]}

    def _get(self, one: Try, asked: Parameters) -> dict[str, Any]:
        with ExitStack() as opened:
            response = self._answer(opened, one, "GET", asked)
            return {"Body": Body(response, opened.pop_all())}

    def _put(self, one: Try, asked: Parameters) -> dict[str, Any]:
        if self._content(one, "PUT", asked, body=asked["Body"]):  # S3's own answer is empty
            raise UnreadableAnswerError(f"{one.operation} returned a body that cannot be read")
        return {}

    def _copy(self, one: Try, asked: Parameters) -> dict[str, Any]:
        source = asked["CopySource"]
        headers = {"x-amz-copy-source": f"{source['Bucket']}/{quote(source['Key'], safe='/-_.~')}"}
        headers |= {f"x-amz-meta-{name}": value for name, value in asked["Metadata"].items()}
        said = _xml(one.operation, self._content(one, "PUT", asked, headers=headers))
        if not said.tag.endswith("CopyObjectResult"):  # S3 sends the status 200 before it has copied
            raise UnreadableAnswerError(f"{one.operation} failed after its status: {said.findtext('{*}Code')}")
        return {}

    def _delete(self, one: Try, asked: Parameters) -> dict[str, Any]:
        self._content(one, "DELETE", asked)
        return {}

    def _content(self, one: Try, method: str, asked: Parameters, **more: Any) -> bytes:  # noqa: ANN401
        with ExitStack() as opened:
            return self._answer(opened, one, method, asked, **more).read()

    def _connections(self, url: str) -> Connections:
        if url not in self._made:
            self._made[url] = self._make(url)
        return self._made[url]

    def _answer(
        self,
        opened: ExitStack,
        one: Try,
        method: str,
        asked: Parameters,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | BinaryIO = b"",
        query: str = "",
    ) -> HTTPResponse:
        """Return an answer of success, open until `opened` ends."""
        place = Place.of(asked["Bucket"], given_endpoint("s3"))
        connections = self._connections(place.url)
        path, (payload_hash, length) = place.path(asked.get("Key", "")), _described(body)
        named = {header: asked[name] for name, header in _HEADERS.items() if name in asked}
        sent = signed_headers(
            method,
            path,
            {"host": connections.host, "x-amz-content-sha256": payload_hash, **named, **(headers or {})},
            payload_hash,
            query=query,
            credentials=self._credentials.get(),
            scope=Scope(region(), self.service),
            at=time.time(),
        )
        sent["content-length"] = str(length)
        request = Request(method, f"{path}?{query}" if query else path, sent, body)
        response = opened.enter_context(connections.answer(request, anew=one.anew))
        if response.status >= 300:
            raise _refusal(one.operation, response)
        return response


def _described(body: bytes | BinaryIO) -> tuple[str, int]:
    """Return the SHA-256 and the length of a body."""
    if isinstance(body, bytes):
        return sha256(body).hexdigest(), len(body)
    body.seek(0)
    digest = sha256()
    while block := body.read(_BLOCK):
        digest.update(block)
    return digest.hexdigest(), body.tell()


def _listed(one: Element) -> dict[str, Any]:
    from datetime import datetime  # noqa: PLC0415 - slow to import, and only here

    modified = datetime.fromisoformat(one.findtext("{*}LastModified") or "")
    return {"Key": one.findtext("{*}Key"), "Size": int(one.findtext("{*}Size") or 0), "LastModified": modified}


def _xml(operation: str, content: bytes) -> Element:
    from xml.etree import ElementTree as ET  # noqa: PLC0415 - slow to import; from AWS

    try:
        return ET.fromstring(content.strip())  # noqa: S314 - from AWS; S3 sends white space while it copies
    except ET.ParseError:
        raise UnreadableAnswerError(f"{operation} returned a body that cannot be read") from None


def _refusal(operation: str, response: HTTPResponse) -> ClientError:
    try:
        code = _xml(operation, response.read()).findtext("{*}Code")
    except UnreadableAnswerError:
        code = None
    error = {"Code": code or str(response.status), "Message": ""}
    return ClientError({"Error": error, "ResponseMetadata": {"HTTPStatusCode": response.status}}, operation)


_OPERATIONS: Mapping[str, Callable[[S3Client, Try, Parameters], dict[str, Any]]] = {
    "ListObjectsV2": S3Client._list,
    "GetObject": S3Client._get,
    "PutObject": S3Client._put,
    "CopyObject": S3Client._copy,
    "DeleteObject": S3Client._delete,
}
