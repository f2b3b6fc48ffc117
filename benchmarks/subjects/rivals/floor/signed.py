"""AWS's JSON protocols over one raw TLS socket each, signed by hand; no retries, no other regions, nothing."""

import hashlib
import hmac
import json
import os
import socket
import ssl
import time
from typing import Any
from urllib.parse import urlsplit

ENDPOINT = urlsplit(os.environ["AWS_ENDPOINT_URL"])
REGION = os.environ["AWS_REGION"]
KEY, TOKEN = os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SESSION_TOKEN"]
TLS = ssl.create_default_context(cafile=os.environ["AWS_CA_BUNDLE"])
SIGNED = "host;x-amz-date;x-amz-security-token;x-amz-target"


def _keyed(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")


class Service:
    """One service and its connection."""

    def __init__(self, name: str, target: str, version: str) -> None:
        self._name, self._target = name, target
        self._type = f"application/x-amz-json-{version}"
        self._day, self._key = "", b""
        plain = socket.create_connection((ENDPOINT.hostname, ENDPOINT.port), 2)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = TLS.wrap_socket(plain, server_hostname=ENDPOINT.hostname)
        self._answers = self._socket.makefile("rb")

    def __call__(self, operation: str, **parameters: object) -> dict[str, Any]:
        """Make one call. Raises RuntimeError for any answer but 200."""
        body = json.dumps(parameters).encode()
        self._socket.sendall(self._head(f"{self._target}.{operation}", body) + body)
        status, length = self._answers.readline().split()[1], 0
        while (line := self._answers.readline()) != b"\r\n":
            if line.lower().startswith(b"content-length:"):
                length = int(line[15:])
        answer: dict[str, Any] = json.loads(self._answers.read(length))
        if status != b"200":
            raise RuntimeError(answer)
        return answer

    def _head(self, target: str, body: bytes) -> bytes:
        at = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        scope = f"{at[:8]}/{REGION}/{self._name}/aws4_request"
        headers = f"host:{ENDPOINT.netloc}\nx-amz-date:{at}\nx-amz-security-token:{TOKEN}\nx-amz-target:{target}\n"
        request = f"POST\n/\n\n{headers}\n{SIGNED}\n{hashlib.sha256(body).hexdigest()}"
        said = f"AWS4-HMAC-SHA256\n{at}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
        signature = _keyed(self._signing_key(at[:8]), said).hex()
        credential = f"AWS4-HMAC-SHA256 Credential={KEY}/{scope}, SignedHeaders={SIGNED}, Signature={signature}"
        sent = headers.replace("\n", "\r\n") + f"content-type:{self._type}\r\ncontent-length:{len(body)}\r\n"
        return f"POST / HTTP/1.1\r\n{sent}authorization:{credential}\r\n\r\n".encode()

    def _signing_key(self, day: str) -> bytes:
        if day != self._day:
            key = _keyed(b"AWS4" + os.environ["AWS_SECRET_ACCESS_KEY"].encode(), day)
            for text in (REGION, self._name, "aws4_request"):
                key = _keyed(key, text)
            self._day, self._key = day, key
        return self._key
