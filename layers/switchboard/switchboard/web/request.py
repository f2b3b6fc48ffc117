"""An HTTP request as API Gateway sends it to Lambda (HTTP API, payload format 2.0)."""

import base64
import binascii
from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, unquote

from switchboard.foundation.caller_ids import name_in
from switchboard.foundation.errors import MalformedRequestError, TooLargeError

_SCHEMES = ("sip:", "wa:")
OLDEST_ARRIVAL_SECONDS = 10.0  # an older event is a recorded one that somebody replays
LARGEST_BODY = 64 * 1024  # bytes; the largest legitimate body is a contact list
# Any other value is ignored: some clients wrongly send a charset as Content-Encoding.
_COMPRESSIONS = {"gzip", "x-gzip", "deflate", "br", "zstd", "compress", "x-compress"}
_ENCODED = "the body has a Content-Encoding: send it uncompressed, without that header"


class Request:
    """One request. `notes` holds further fields for the invocation's log line."""

    def __init__(self, event: Mapping[str, Any]) -> None:
        self.event = event
        self.notes: dict[str, object] = {}
        self._context: Mapping[str, Any] = event.get("requestContext") or {}

    @property
    def route(self) -> str:
        """The route that API Gateway matched, such as `POST /v1/login`."""
        return str(self.event.get("routeKey", ""))

    @property
    def method(self) -> str:
        """The HTTP method."""
        return str((self._context.get("http") or {}).get("method", ""))

    @property
    def raw_path(self) -> str:
        """The path as it was sent. Never log it: it may contain the webhook secret."""
        return encodable(str(self.event.get("rawPath", "")))

    @property
    def request_id(self) -> str:
        """API Gateway's id of this request: in every answer and log line."""
        return str(self._context.get("requestId", ""))

    def arrived_at(self, now: float) -> float | None:
        """Return when API Gateway got the request; None where it does not say, or for a recorded event.

        Both times are epoch seconds.
        """
        arrived = float(self._context.get("timeEpoch") or 0) / 1000
        return arrived if 0 <= now - arrived < OLDEST_ARRIVAL_SECONDS else None

    @property
    def source_address(self) -> str:
        """The client address from API Gateway; never from a header, which a client can forge."""
        return str((self._context.get("http") or {}).get("sourceIp", ""))

    def path(self, name: str) -> str:
        """Return a path parameter, decoded and trimmed, because the apps send what users type (contract 4).

        Some apps put `sip:` before a subscriber's name; it is removed.
        """
        value = encodable(unquote(str((self.event.get("pathParameters") or {}).get(name, "")))).strip()
        return name_in(value) if name == "name" and value.lower().startswith(_SCHEMES) else value

    @cached_property
    def query(self) -> Mapping[str, str]:
        """The query's parameters; of a repeated one, the last."""
        raw = self.event.get("rawQueryString")
        if raw is None:
            return dict(self.event.get("queryStringParameters") or {})
        return dict(parse_qsl(encodable(str(raw)), keep_blank_values=True))

    def header(self, name: str) -> str:
        """Return a header's value, or "" if it is absent; API Gateway sends header names in lower case."""
        headers = self.event.get("headers") or {}
        value = headers.get(name.lower())
        if value is None:  # the emulator and hand-written events may keep the case
            value = next((text for key, text in headers.items() if key.lower() == name.lower()), "")
        return encodable(str(value))

    def bearer(self) -> str:
        """Return the token of `Authorization: Bearer`, or "" where there is none."""
        scheme, _, token = self.header("authorization").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    @cached_property
    def body(self) -> bytes:
        """The body as it was sent. Raises MalformedRequestError, TooLargeError."""
        text = self.event.get("body") or ""
        encodings = self.header("content-encoding").lower().split(",") if text else ()
        if any(encoding.strip() in _COMPRESSIONS for encoding in encodings):
            raise MalformedRequestError("encoded_body", _ENCODED)  # HTTP APIs do not decompress bodies
        if len(text) > LARGEST_BODY * 4 // 3 + 4:
            raise TooLargeError("body_too_large", f"the body is larger than {LARGEST_BODY} bytes")
        body = _unpacked(text) if self.event.get("isBase64Encoded") else encodable(text).encode()
        if len(body) > LARGEST_BODY:
            raise TooLargeError("body_too_large", f"the body is larger than {LARGEST_BODY} bytes")
        return body


def encodable(text: str) -> str:
    """Return the text with `?` for each lone surrogate, which cannot be encoded in UTF-8."""
    return text if text.isascii() else text.encode(errors="replace").decode()


def _unpacked(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise MalformedRequestError("malformed_body", "the body is marked as base64 but is not") from None
