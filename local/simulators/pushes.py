"""The messages that the simulated FCM received, with its answers."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Answers that are final for a device, for which no retry helps (contract 6, FCM's table).
FINAL_STATUSES = (400, 403, 404)


@dataclass(frozen=True)
class Push:
    """A message and its answer; `at` is in milliseconds since the epoch, `status` FCM's HTTP status."""

    at: int
    token: str
    message: Mapping[str, Any]
    status: int

    @property
    def payload(self) -> str:
        """The call's payload, which identifies the call."""
        return str(self.message.get("data", {}).get("payload", ""))

    def as_json(self) -> dict[str, object]:
        """The push in the form of `GET /_sim/pushes`."""
        return {"at": self.at, "token": self.token, "message": self.message}


class Pushes:
    """All messages that reached the simulated FCM since the last clear. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pushes: list[Push] = []

    def record(self, message: Mapping[str, Any], status: int) -> None:
        """Record a message and FCM's status for it."""
        with self._lock:
            self._pushes.append(Push(time.time_ns() // 1_000_000, str(message.get("token", "")), message, status))

    def accepted(self, payload: str | None = None) -> list[Push]:
        """The messages that FCM accepted, oldest first; with a payload, only that call's."""
        return [push for push in self._of(payload) if push.status == 200]

    def refused_for_good(self, payload: str) -> set[str]:
        """The tokens whose last answer for this call was a final refusal."""
        last = {push.token: push.status for push in self._of(payload)}
        return {token for token, status in last.items() if status in FINAL_STATUSES}

    def attempts(self, payload: str | None = None) -> list[Push]:
        """All messages, accepted or not, oldest first."""
        return self._of(payload)

    def clear(self) -> None:
        """Remove all messages."""
        with self._lock:
            self._pushes.clear()

    def _of(self, payload: str | None) -> list[Push]:
        with self._lock:
            return [push for push in self._pushes if payload in (None, push.payload)]
