"""What can be seen of a push when the real FCM carries it: only what becomes of it in the queue."""

import asyncio
import time
from dataclasses import dataclass

from local.calls.ringing import Ringing
from local.deployment.aws import Aws
from local.gateway.backend import Backend

LOOK_AGAIN_SECONDS = 0.25
# A push that never got through is dropped when no retry fits into the ring time any more.
LAST_RETRY_SECONDS = 3.0


@dataclass(frozen=True)
class QueueWatch:
    """Waits until the push queue is empty again, which it is at the end of the ring time at the latest (seconds)."""

    backend: Backend
    aws: Aws
    queue: str
    dead_letters: str
    ring_seconds: float

    async def wait(self, callee: str, payload: str) -> Ringing:  # noqa: ARG002 - the queue does not tell calls apart
        """Wait for the delivery of what is queued; another call at the same time is not told apart."""
        if await self.backend.phones_of(callee) == 0:
            return Ringing("no-device", f"{callee} has no phone")
        before = await self._count(self.dead_letters)
        given_up = time.monotonic() + self.ring_seconds - LAST_RETRY_SECONDS
        while time.monotonic() < given_up:
            if await self._count(self.queue) == 0:
                dead = await self._count(self.dead_letters) > before
                return Ringing(
                    "failed" if dead else "ringing", f"handed to FCM for {callee}, as far as the queue tells"
                )
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        return Ringing("failed", "not delivered within the ring time")

    async def _count(self, queue: str) -> int:
        return await asyncio.to_thread(self.aws.queued, queue)
