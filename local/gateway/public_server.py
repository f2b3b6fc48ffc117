"""The server for phones and scripts: the API, presigned uploads, `/_sim/…` and the pages of the workbench."""

from contextlib import ExitStack

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector, web

from local.calls.player import CallPlayer
from local.gateway.api import Gateway
from local.gateway.backend import Backend
from local.gateway.control import Control
from local.gateway.feed import Feed
from local.gateway.guard import Guard
from local.gateway.https import addresses, tls_context
from local.gateway.servers import Servers, listen, port_of
from local.options import Options
from local.phones.platform import Platform
from local.phones.routes import PhoneRoutes
from local.phones.shelf import Shelf
from local.simulators import Simulators
from local.workbench import pages
from local.workbench.requests import Requests
from local.workbench.workbench import Parts, Workbench

# A log upload may be large; the product limits the API's bodies.
LARGEST_BODY_BYTES = 256 * 1024 * 1024


class PublicServer:
    """Listens at once, so that a port in use is an early error; `connect` and `open` make it work."""

    def __init__(self, servers: Servers, options: Options, simulators: Simulators) -> None:
        self._servers, self._account = servers, options.account
        listener = listen(options.host, options.port)
        self.port = port_of(listener)
        self.base_url = f"http://{options.reachable_host}:{self.port}"
        self._feed, requests = Feed(), Requests()
        self.workbench = Workbench(self._feed, requests)
        requests.heard.append(self.workbench.heard)
        self._gateway = Gateway(requests.record)
        self._control = Control(simulators.faults, simulators.pushes, options.account, options.exophone)
        tokens = None if options.exotel else simulators.exotel.tokens
        self.phones = PhoneRoutes(options.account, self._feed, Shelf(), simulators.pushes, tokens)
        simulators.pushes.heard += [self.phones.deliver, self.workbench.pushed]
        self.guard = Guard({options.reachable_host})
        application = web.Application(client_max_size=LARGEST_BODY_BYTES, middlewares=[self.guard.middleware])
        application.on_shutdown.append(self._feed.close)
        for part in (pages, self._control, self.phones, self.workbench):
            application.add_routes(part.routes())
        application.router.add_route("*", "/v1/{path:.*}", self._gateway.api)
        application.router.add_route("*", "/{path:.*}", self._gateway.bucket)
        listeners, tls = [listener], None
        if options.https:
            listeners.append(listen(options.host, options.https_port))
            tls = tls_context(["localhost", "127.0.0.1", *addresses()])
        self.https_port = port_of(listeners[-1]) if options.https else 0
        servers.serve(application, *listeners, tls=tls)

    def connect(self, stack: ExitStack, emulator_url: str, api_id: str) -> None:
        """Forward requests to the deployed API from now on."""
        self._gateway.connect(self._client(stack, decompress=False), emulator_url, api_id)
        self._control.connect(emulator_url)

    def backend(self, stack: ExitStack) -> Backend:
        """A client of the API through this server."""
        return Backend(self._client(stack, decompress=True), self.base_url, self._account)

    def open(self, player: CallPlayer, platform: Platform, parts: Parts) -> None:
        """Report healthy from now on, play calls, connect those of the phone pages, and fill the workbench's panels."""
        self.phones.platform = platform
        self._control.open(player)
        self._servers.run(_opened(self.workbench, parts))

    def _client(self, stack: ExitStack, *, decompress: bool) -> ClientSession:
        client = self._servers.run(_new_client(decompress=decompress))
        stack.callback(lambda: self._servers.run(client.close()))
        return client


async def _opened(workbench: Workbench, parts: Parts) -> None:
    workbench.open(parts)


async def _new_client(*, decompress: bool) -> ClientSession:
    return ClientSession(
        connector=TCPConnector(limit=0),
        cookie_jar=DummyCookieJar(),
        timeout=ClientTimeout(total=120),
        auto_decompress=decompress,
    )
