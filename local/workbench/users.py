"""The users of the stack and their phones: those that are registered, and those of the demo that were lost."""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from local import demo
from local.gateway.backend import Answer, Backend
from local.phones.shelf import Shelf
from local.workbench import masking

MOST = 200


@dataclass(frozen=True)
class Users:
    """Asks the product, with the server key; `names` are all subscribers of the account."""

    backend: Backend
    shelf: Shelf
    names: Callable[[], Sequence[str]]

    async def rows(self) -> list[dict[str, Any]]:
        """Return all users, each with their phones."""
        found = await asyncio.gather(*(self._row(name) for name in sorted(self.names())[:MOST]))
        return [row for row in found if row]

    async def restore(self, name: str, number: int) -> Answer:
        """Log in on one of the demo's phones with the demo's password, and register it; return the first refusal."""
        phone = demo.phone(name, number)
        logged_in = await self.backend.login(name, phone.device_id, phone.platform)
        return (
            await self.backend.as_user(name, "POST", "devicetoken", phone.registration) if logged_in.ok else logged_in
        )

    async def _row(self, name: str) -> dict[str, Any]:
        about = await self.backend.look_up(name)
        if not about.ok:
            return {}
        devices = (await self.backend.look_up(name, "/devices")).json.get("devices", [])
        return {
            "name": name,
            "display_name": about.json.get("display_name"),
            "status": about.json.get("status"),
            "phones": self._phones(name, {one["deviceKey"]: one for one in devices}),
        }

    def _phones(self, name: str, registered: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
        rows = []
        for number in range(self.shelf.known(name)):
            phone = demo.phone(name, number)
            device = registered.pop(hashlib.sha256(phone.token.encode()).hexdigest(), None)
            holder = self.shelf.holder(phone.token)
            about = {"number": number, "platform": phone.platform, "tokenType": phone.token_type or "fcm"}
            rows.append(about | {"registered": device is not None, "open": holder is not None} | (device or {}))
            rows[-1]["token"] = masking.short(phone.token)
        return rows + [one | {"registered": True, "token": ""} for one in registered.values()]
