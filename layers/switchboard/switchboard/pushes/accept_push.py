"""Accept a push from Exotel and queue it for delivery."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from switchboard.pushes.payload import push_of
from switchboard.pushes.push import Push

if TYPE_CHECKING:
    from switchboard.foundation.clock import Clock
    from switchboard.pushes.ports import PushQueue


@dataclass(frozen=True, slots=True)
class AcceptPush:
    """Validates a push and queues it. Delivery checks whether the subscriber exists (contract 7)."""

    queue: PushQueue
    clock: Clock
    new_id: Callable[[], str]

    def __call__(self, account: str, fields: Mapping[str, str]) -> Push:
        """Return the push after it is queued. Raises InvalidFieldError, TooLargeError, UnavailableError."""
        push = push_of(account, fields, self.new_id(), int(self.clock() * 1000))
        self.queue.put(push)
        return push
