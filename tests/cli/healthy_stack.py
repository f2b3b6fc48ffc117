"""A stack in moto in which `switchboard doctor` finds nothing wrong."""

from typing import Any

from cli.doctor.findings import State
from local.simulators import Simulators
from tests.cli.stack_in_moto import ACCOUNT, EXOTEL, StackInMoto
from tests.fakes.webhook_server import WebhookServer


class HealthyStack:
    """A stack without problems; a test then causes one."""

    def __init__(self, stack: StackInMoto, api: WebhookServer, simulators: Simulators) -> None:
        self.stack, self.api, self.simulators = stack, api, simulators
        self.exotel()
        account = simulators.service_account.as_file()
        stack.fill("PushSecret", {"fcm": account, "fcm_base_url": simulators.fcm_base_url})

    def exotel(self, **changes: str) -> None:
        entry = EXOTEL | {"api_host": self.simulators.exotel_url} | changes
        self.stack.fill("AccountsSecret", {"server_key": "k" * 43, "accounts": {ACCOUNT: entry}})

    def problems(self) -> dict[str, Any]:
        """All findings that are not fine, by area and name."""
        found = self.stack.read("doctor")
        return {f"{one['area']} {one['name']}": one for one in found if one["state"] != State.FINE}
