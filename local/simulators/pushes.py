"""The messages that the simulated FCM and APNs received, with their answers."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from local.simulators.apns_rules import Request

# Answers that are final for a device, for which no retry helps (contract 6, the two tables).
FINAL_STATUSES = (400, 403, 404, 410, 413)
# FCM's 401 is final if a new OAuth token does not help, or if it is about the APNs key in Firebase.
UNAUTHORIZED, MOST_LOGINS, THIRD_PARTY = 401, 2, "THIRD_PARTY_AUTH_ERROR"


@dataclass(frozen=True)
class Push:
    """A message and its answer; `at` is in milliseconds since the epoch, `status` the service's HTTP status.

    `host` is APNs' environment, `headers` are those that APNs got, without the provider token. `reason` is FCM's error
    code or APNs' reason, "" for an accepted message.
    """

    at: int
    token: str
    message: Mapping[str, Any]
    status: int
    service: str = "fcm"
    host: str | None = None
    headers: Mapping[str, str] | None = None
    reason: str = ""

    @property
    def data(self) -> Mapping[str, Any]:
        """What the app reads: FCM's data, or the root of APNs' payload."""
        found = self.message.get("data", {}) if self.service == "fcm" else self.message
        return found if isinstance(found, Mapping) else {}

    @property
    def payload(self) -> str:
        """The call's payload, which identifies the call."""
        return str(self.data.get("payload", ""))

    def as_json(self) -> dict[str, object]:
        """The push in the form of `GET /_sim/pushes`."""
        shown = {"at": self.at, "service": self.service, "token": self.token, "message": self.message}
        return shown | ({} if self.service == "fcm" else {"host": self.host, "headers": dict(self.headers or {})})

    def with_answer(self) -> dict[str, object]:
        """The push with what the service answered."""
        return self.as_json() | {"status": self.status, "reason": self.reason}


class Pushes:
    """All messages that reached the simulated FCM and APNs since the last clear. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pushes: list[Push] = []
        self.heard: list[Callable[[Push], None]] = []  # called with each message as it is recorded

    def record(self, message: Mapping[str, Any], status: int, reason: str = "") -> None:
        """Record a message and FCM's answer to it."""
        token = str(message.get("token") or message.get("fid") or "")
        self._add(Push(_now(), token, message, status, reason=reason))

    def record_apns(self, host: str, request: Request, status: int, reason: str = "") -> None:
        """Record a message and APNs' answer to it."""
        headers = {name: value for name, value in request.headers if name.startswith("apns-")}
        self._add(Push(_now(), request.token, request.message, status, "apns", host, headers, reason))

    def since(self, token: str, milliseconds: int) -> list[Push]:
        """The messages that were accepted for a token within the last so many milliseconds, oldest first."""
        earliest = _now() - milliseconds
        return [push for push in self.accepted() if push.token == token and push.at >= earliest]

    def accepted(self, payload: str | None = None) -> list[Push]:
        """The messages that were accepted, oldest first; with a payload, only that call's."""
        return [push for push in self._of(payload) if push.status == 200]

    def refused_for_good(self, payload: str) -> dict[str, str]:
        """The tokens whose last answer for this call was a final refusal, each with that answer in words."""
        pushes = self._of(payload)
        last = {push.token: push for push in pushes}
        unauthorized = Counter(push.token for push in pushes if push.status == UNAUTHORIZED)
        return {
            token: f"{push.service.upper()} {push.status} {push.reason}".strip()
            for token, push in last.items()
            if push.status in FINAL_STATUSES
            or push.reason == THIRD_PARTY
            or (push.status == UNAUTHORIZED and unauthorized[token] >= MOST_LOGINS)
        }

    def attempts(self, payload: str | None = None) -> list[Push]:
        """All messages, accepted or not, oldest first."""
        return self._of(payload)

    def clear(self) -> None:
        """Remove all messages."""
        with self._lock:
            self._pushes.clear()

    def _add(self, push: Push) -> None:
        with self._lock:
            self._pushes.append(push)
        for hear in self.heard:
            hear(push)

    def _of(self, payload: str | None) -> list[Push]:
        with self._lock:
            return [push for push in self._pushes if payload in (None, push.payload)]


def _now() -> int:
    return time.time_ns() // 1_000_000
