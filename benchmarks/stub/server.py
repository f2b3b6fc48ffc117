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
_LARGEST = 8 * 1024 * 1024  # bytes of a request


async def serve(certificate: Path, tell: Callable[[int], None], ended: Awaitable[object]) -> None:
    """Serve on a free port, which is told, until `ended`."""
    application = web.Application(client_max_size=_LARGEST)
    application.router.add_route("*", "/{path:.*}", _answer)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secure.load_cert_chain(certificate)
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=secure).start()
    tell(int(runner.addresses[0][1]))
    await asyncio.ensure_future(ended)
    await runner.cleanup()


async def _answer(request: web.Request) -> web.Response:
    scope = _SCOPE.search(request.headers.get("Authorization", ""))
    if scope is None:
        return web.Response(status=403, text="not signed")
    headers = HTTPHeaders()
    for name, value in request.headers.items():
        headers[name] = value
    url = f"https://{scope['service']}.{scope['region']}.amazonaws.com{request.raw_path}"
    asked = AWSPreparedRequest(request.method, url, headers, await request.read(), False)
    answered = BotocoreStubber().process_request(asked)
    if answered is None:
        return web.Response(status=501, text=f"moto has no {scope['service']}")
    status, said, body = answered
    kept = {name: str(value) for name, value in said.items() if name.lower() not in _OURS}
    return web.Response(status=status, headers=kept, body=body.encode() if isinstance(body, str) else body)
