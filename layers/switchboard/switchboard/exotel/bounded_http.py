"""HTTP that ends by its deadline, whatever the server does: hang, drip byte by byte, or send without end.

httpx bounds each single read, so a server that drips keeps it busy for ever, headers included. Here every wait on the
socket gets what is left of the deadline, and a body may have so many bytes and no more.
"""

import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass

import httpcore
import httpx

from switchboard.exotel.bounded_sockets import BoundedBackend, deadline_of_request
from switchboard.foundation.clock import Clock
from switchboard.foundation.deadline import Deadline

LARGEST_BODY = 256 * 1024  # bytes; the largest honest one is a page of 100 subscribers
_STALE = (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError)


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A whole answer; header names are looked up in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class BoundedHttp:
    """Sends requests, keeping connections open between them. Never follows a redirect, never uses a proxy."""

    def __init__(self, clock: Clock = time.time) -> None:
        plain = {"Accept-Encoding": "identity"}  # a small answer could unpack into a huge one
        self._client = httpx.Client(transport=_BoundedTransport(clock), headers=plain, trust_env=False, timeout=None)  # noqa: S113

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._client.close()

    def send(
        self,
        method: str,
        url: str,
        deadline: Deadline,
        *,
        json: object = None,
        auth: tuple[str, str] | None = None,
    ) -> HttpAnswer:
        """Return the answer to a request with that JSON body and those Basic credentials.

        Raises httpx.TimeoutException by the deadline, httpx.TransportError, httpx.InvalidURL.
        """
        request = self._client.build_request(method, url, json=json)
        token = deadline_of_request.set(deadline)
        try:
            return self._once(request, auth)
        except _STALE:  # the server may have closed a connection while the function was frozen: try a new one
            return self._once(request, auth)
        finally:
            deadline_of_request.reset(token)

    def _once(self, request: httpx.Request, auth: tuple[str, str] | None) -> HttpAnswer:
        response = self._client.send(request, auth=auth, stream=True)
        with closing(response):
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > LARGEST_BODY:
                    raise httpx.DecodingError(f"the answer is larger than {LARGEST_BODY} bytes")
            return HttpAnswer(response.status_code, response.headers, bytes(body))


class _BoundedTransport(httpx.HTTPTransport):
    """httpx's transport over our sockets; httpx has no public seam for them."""

    def __init__(self, clock: Clock) -> None:
        context = httpx.create_ssl_context(trust_env=False)
        super().__init__(verify=context)
        self._pool = httpcore.ConnectionPool(ssl_context=context, network_backend=BoundedBackend(clock))
