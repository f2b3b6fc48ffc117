"""A minimal FCM and OAuth endpoint with a fixed response time, so that only the client is measured."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from aiohttp import web

from local.gateway.servers import Servers, listen, port_of
from local.simulators.service_account import ServiceAccount, new_service_account

FCM_SECONDS = 0.040  # what FCM takes, seen from a Lambda function
LIFETIME_SECONDS = 3599  # of Google's tokens


@dataclass
class PushStub:
    """How often each was asked; `secret` is what the PushSecret has to hold."""

    secret: dict[str, object]
    tokens: int = 0
    messages: int = 0

    async def token(self, _request: web.Request) -> web.Response:
        """Give out a token, whatever is presented: its time may be another one than ours."""
        self.tokens += 1
        answer = {"access_token": f"token{self.tokens}", "expires_in": LIFETIME_SECONDS, "token_type": "Bearer"}
        return web.json_response(answer)

    async def send(self, _request: web.Request) -> web.Response:
        """Accept a message."""
        await asyncio.sleep(FCM_SECONDS)
        self.messages += 1
        return web.json_response({"name": f"projects/benchmarks/messages/{self.messages}"})


@contextmanager
def push_stub() -> Iterator[PushStub]:
    """Serve until the end of the block."""
    listener = listen()
    base = f"http://127.0.0.1:{port_of(listener)}"
    account: ServiceAccount = new_service_account(f"{base}/token")
    stub = PushStub({"fcm": account.as_file(), "fcm_base_url": f"{base}/v1/projects"})
    application = web.Application()
    send = web.post("/v1/projects/{project}/messages:send", stub.send)
    application.add_routes([web.post("/token", stub.token), send])
    with Servers() as servers:
        servers.serve(application, listener)
        yield stub
