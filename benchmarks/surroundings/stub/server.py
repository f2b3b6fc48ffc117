"""HTTPS in front of moto: a request goes to the service that its signature names."""

import asyncio
import re
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web
from botocore.awsrequest import AWSPreparedRequest
from botocore.compat import HTTPHeaders
from moto.core.botocore_stubber import BotocoreStubber

_SCOPE = re.compile(r"Credential=[^/]+/\d{8}/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")
_OURS = ("content-length", "date", "server", "connection", "transfer-encoding")  # which aiohttp writes
_VARYING = re.compile(rb"[0-9a-f]{16,}|[0-9]+")  # ids and times, by which requests of the same meaning differ
_LARGEST = 8 * 1024 * 1024  # bytes of a request


type Answer = tuple[int, dict[str, str], str | bytes]


class Server:
    """Answers from moto, or with `by_heart` as moto did to the first request of that kind: moto takes milliseconds."""

    def __init__(self, certificate: Path, *, by_heart: bool = False) -> None:
        self._certificate = certificate
        self._known: dict[tuple[str, bytes], Answer] | None = {} if by_heart else None

    async def serve(self, tell: Callable[[int], None], ended: Awaitable[object]) -> None:
        """Serve on a free port, which is told, until `ended`."""
        application = web.Application(client_max_size=_LARGEST)
        application.router.add_route("*", "/{path:.*}", self._answer)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        secure.load_cert_chain(self._certificate)
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=secure).start()
        tell(int(runner.addresses[0][1]))
        await asyncio.ensure_future(ended)
        await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        body = await request.read()
        kind = request.headers.get("X-Amz-Target", ""), _VARYING.sub(b"#", body)
        answer = self._known.get(kind) if self._known is not None else None
        if answer is None:
            answer = _of_moto(request, body)
            if self._known is not None:
                self._known[kind] = answer
        status, headers, said = answer
        return web.Response(status=status, headers=headers, body=said.encode() if isinstance(said, str) else said)


def _of_moto(request: web.Request, body: bytes) -> Answer:
    scope = _SCOPE.search(request.headers.get("Authorization", ""))
    if scope is None:
        return 403, {}, "not signed"
    headers = HTTPHeaders()
    for name, value in request.headers.items():
        headers[name] = value
    url = f"https://{scope['service']}.{scope['region']}.amazonaws.com{request.raw_path}"
    answered = BotocoreStubber().process_request(AWSPreparedRequest(request.method, url, headers, body, False))
    if answered is None:
        return 501, {}, f"moto has no {scope['service']}"
    status, said, content = answered
    return status, {name: str(value) for name, value in said.items() if name.lower() not in _OURS}, content
