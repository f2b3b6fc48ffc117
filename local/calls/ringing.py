"""Waits for the callee's phones to ring."""

import asyncio
import time
from collections.abc import Mapping
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
            phones = max(phones, len(rung) + len(refused))  # a phone that was refused may be forgotten by now
            if rung and len(rung) + len(refused) >= phones:
                return Ringing("ringing", _detail(len(rung), phones, refused))
            if len(refused) >= max(phones, 1):
                return Ringing("failed", _detail(0, phones, refused))
            if rung:
                ends = min(ends, time.monotonic() + LATECOMER_SECONDS)
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        rung = {push.token for push in self.pushes.accepted(payload)}
        late = f"{len(rung)} of {phones} phones after {self.patience:.0f} s"
        return Ringing("ringing" if rung else "failed", late + self._last_refusal(payload))

    def _last_refusal(self, payload: str) -> str:
        """Return what the push services said last, where it was a refusal."""
        said = [push for push in self.pushes.attempts(payload) if push.status != 200]
        return f"; {said[-1].service.upper()} {said[-1].status} {said[-1].reason}".rstrip() if said else ""


def _detail(rung: int, phones: int, refused: Mapping[str, str]) -> str:
    reasons = ", ".join(sorted(set(refused.values())))
    return f"{rung} of {phones} phones" + (f"; {reasons}" if reasons else "")
