"""Simulators of Exotel, Google and Apple, on free ports of this machine.

For a test that needs only them, over real HTTP: `with running_simulators() as simulators: …`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from local.gateway.servers import Servers, listen, port_of
from local.simulators.apns import HOSTS, ApnsSimulator
from local.simulators.apns_account import new_apns_account
from local.simulators.apns_certificates import new_certificate
from local.simulators.apns_servers import ApnsServers
from local.simulators.exotel import ExotelSimulator
from local.simulators.faults import Faults
from local.simulators.fcm import FcmSimulator
from local.simulators.fcm_data import FcmDataSimulator
from local.simulators.oauth import OAuthSimulator
from local.simulators.pushes import Pushes
from local.simulators.service_account import ServiceAccount, new_service_account

SEND = "/v1/projects/{project}/messages:send"
DEMO_ACCOUNTS = {"demo1m": ("local-exotel-key", "local-exotel-token")}


@dataclass(frozen=True)
class Simulators:
    """The running simulators: their addresses, and what a test may read or set."""

    base_url: str
    faults: Faults
    pushes: Pushes
    exotel: ExotelSimulator
    oauth: OAuthSimulator
    service_account: ServiceAccount
    apns: ApnsSimulator
    apns_servers: ApnsServers
    apns_root_pem: str

    @property
    def push_secret(self) -> dict[str, Any]:
        """The PushSecret that leads to the simulated FCM and APNs."""
        fcm = {"fcm": self.service_account.as_file(), "fcm_base_url": self.fcm_base_url}
        addresses = {"apns_base_urls": dict(self.apns_servers.urls), "apns_root_certificate": self.apns_root_pem}
        return fcm | {"apns": self.apns.account.as_secret()} | addresses

    @property
    def exotel_url(self) -> str:
        """The value for Exotel's api_host."""
        return self.base_url

    @property
    def fcm_base_url(self) -> str:
        """The value in place of FCM's `https://fcm.googleapis.com/v1/projects`."""
        return f"{self.base_url}/v1/projects"


def start_simulators(servers: Servers, accounts: Mapping[str, tuple[str, str]]) -> Simulators:
    """Serve the simulators for these Exotel accounts: sid -> (API key, API token)."""
    listener, faults, pushes = listen(), Faults(), Pushes()
    base_url = f"http://127.0.0.1:{port_of(listener)}"
    account = new_service_account(f"{base_url}/token")
    oauth = OAuthSimulator(account, faults)
    fcm = FcmSimulator(account.project_id, oauth, faults, pushes)
    exotel, data = ExotelSimulator(accounts, faults), FcmDataSimulator(account.project_id, oauth, faults, pushes)
    application = web.Application()
    of_google = [web.post("/token", oauth.token), web.post(SEND, fcm.send), *data.routes()]
    application.add_routes([*of_google, *exotel.routes()])
    servers.serve(application, listener)
    apns, certificate = ApnsSimulator(new_apns_account(), faults, pushes), new_certificate()
    apns_servers = ApnsServers(servers, apns, certificate.tls, HOSTS)
    return Simulators(base_url, faults, pushes, exotel, oauth, account, apns, apns_servers, certificate.root_pem)


@contextmanager
def running_simulators(accounts: Mapping[str, tuple[str, str]] | None = None) -> Iterator[Simulators]:
    """Run only the simulators, until the end of the `with` block."""
    with Servers() as servers:
        yield start_simulators(servers, DEMO_ACCOUNTS if accounts is None else accounts)
