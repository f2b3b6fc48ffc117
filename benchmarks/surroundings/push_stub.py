"""A minimal FCM and OAuth endpoint behind TLS with a fixed response time, so that only the client is measured."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from local.gateway.servers import Servers, listen, port_of
from local.simulators.service_account import ServiceAccount, new_service_account

FCM_SECONDS = 0.040  # what FCM takes, seen from a Lambda function
LIFETIME_SECONDS = 3599  # of Google's tokens


@dataclass
class PushStub:
    """How often each was asked; `secret` is what the PushSecret has to hold.

    With `closing`, each connection ends with its first answer, so that every message needs a new one.
    """

    secret: dict[str, object]
    tokens: int = 0
    messages: int = 0
    closing: bool = False

    async def token(self, _request: web.Request) -> web.Response:
        """Give out a token, whatever is presented: its time may be another one than ours."""
        self.tokens += 1
        answer = {"access_token": f"token{self.tokens}", "expires_in": LIFETIME_SECONDS, "token_type": "Bearer"}
        return web.json_response(answer)

    async def send(self, _request: web.Request) -> web.Response:
        """Accept a message."""
        await asyncio.sleep(FCM_SECONDS)
        self.messages += 1
        answer = web.json_response({"name": f"projects/benchmarks/messages/{self.messages}"})
        if self.closing:
            answer.force_close()
        return answer


@contextmanager
def push_stub(certificate: Path) -> Iterator[PushStub]:
    """Serve TLS with this certificate until the end of the block."""
    listener = listen()
    base = f"https://127.0.0.1:{port_of(listener)}"
    account: ServiceAccount = new_service_account(f"{base}/token")
    stub = PushStub({"fcm": account.as_file(), "fcm_base_url": f"{base}/v1/projects"})
    application = web.Application()
    send = web.post("/v1/projects/{project}/messages:send", stub.send)
    application.add_routes([web.post("/token", stub.token), send])
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with Servers() as servers:
        servers.serve(application, listener, tls=tls)
        yield stub
