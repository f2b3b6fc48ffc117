"""The outcome of a push through the real FCM, as far as the queue shows it."""

import asyncio
import time
from dataclasses import dataclass

from local.calls.ringing import Ringing
from local.deployment.aws import Aws
from local.gateway.backend import Backend

LOOK_AGAIN_SECONDS = 0.25
# An undelivered push is dropped when no retry fits into the ring time.
LAST_RETRY_SECONDS = 3.0


@dataclass(frozen=True)
class QueueWatch:
    """Waits until the push queue is empty again, at most for the ring time (seconds)."""

    backend: Backend
    aws: Aws
    queue: str
    dead_letters: str
    ring_seconds: float

    async def wait(self, callee: str, payload: str) -> Ringing:  # noqa: ARG002 - the queue does not distinguish calls
        """Wait for the delivery of queued pushes, those of other calls at the same time included."""
        if await self.backend.phones_of(callee) == 0:
            return Ringing("no-device", f"{callee} has no phone")
        before = await self._count(self.dead_letters)
        given_up = time.monotonic() + self.ring_seconds - LAST_RETRY_SECONDS
        while time.monotonic() < given_up:
            if await self._count(self.queue) == 0:
                dead = await self._count(self.dead_letters) > before
                return Ringing("failed" if dead else "ringing", f"sent to FCM for {callee}, as far as the queue shows")
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        return Ringing("failed", "not delivered within the ring time")

    async def _count(self, queue: str) -> int:
        return await asyncio.to_thread(self.aws.queued, queue)
