"""The listeners of the simulated APNs, one for each environment."""

import asyncio
import ssl
from collections.abc import Callable

from local.gateway.servers import Servers, listen, port_of
from local.simulators.apns import ApnsSimulator
from local.simulators.apns_http2 import ApnsProtocol


class ApnsServers:
    """The two listeners: `urls` by environment. `open_ones` are the connections, of which each environment has some.

    New connections are closed after `quiet_seconds` without a request, if that is not None.
    """

    def __init__(self, servers: Servers, simulator: ApnsSimulator, tls: ssl.SSLContext, hosts: tuple[str, ...]) -> None:
        self._servers = servers
        self.quiet_seconds: float | None = None
        self.open_ones: set[ApnsProtocol] = set()
        self.urls: dict[str, str] = {}
        for host in hosts:
            listener = listen()
            self.urls[host] = f"https://127.0.0.1:{port_of(listener)}"
            servers.serve_protocol(self._factory(simulator, host), listener, tls)

    def disconnect(self, reason: str | None) -> None:
        """End all connections: with GOAWAY and a reason, or without a word."""

        async def ended() -> None:
            for one in list(self.open_ones):
                if reason is None:
                    one.break_off()
                else:
                    one.leave(reason)

        self._servers.run(ended())

    def _factory(self, simulator: ApnsSimulator, host: str) -> Callable[[], asyncio.Protocol]:
        return lambda: ApnsProtocol(simulator, host, self.open_ones, self.quiet_seconds)
