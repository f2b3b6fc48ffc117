"""Waits for the callee's phones to ring."""

import asyncio
import time
from dataclasses import dataclass

from local.gateway.backend import Backend
from local.simulators.pushes import Pushes

LOOK_AGAIN_SECONDS = 0.02
# How much later than the first one the callee's other phones may ring.
LATECOMER_SECONDS = 3.0


@dataclass(frozen=True)
class Ringing:
    """The result of the wait: `ringing`, `no-device` or `failed`, with a note about the phones."""

    outcome: str
    detail: str


@dataclass(frozen=True)
class PhoneWatch:
    """Waits until the simulated FCM and APNs have accepted one call's pushes; `patience` in seconds."""

    backend: Backend
    pushes: Pushes
    patience: float

    async def wait(self, callee: str, payload: str) -> Ringing:
        """Wait until the callee's phones ring, or until it is certain that they will not."""
        phones = await self.backend.phones_of(callee)
        if phones == 0 and not self.pushes.attempts(payload):
            return Ringing("no-device", f"{callee} has no phone")
        ends = time.monotonic() + self.patience
        while time.monotonic() < ends:
            rung = {push.token for push in self.pushes.accepted(payload)}
            refused = self.pushes.refused_for_good(payload)
            if rung and len(rung) + len(refused) >= phones:
                return Ringing("ringing", f"{len(rung)} of {phones} phones")
            if len(refused) >= max(phones, 1):
                return Ringing("failed", "every phone was refused")
            if rung:
                ends = min(ends, time.monotonic() + LATECOMER_SECONDS)
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        rung = {push.token for push in self.pushes.accepted(payload)}
        return Ringing("ringing" if rung else "failed", f"{len(rung)} of {phones} phones after {self.patience:.0f} s")
