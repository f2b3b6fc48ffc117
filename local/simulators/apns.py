"""Apple's push service, in two environments: any hex token is a phone in both, unless a fault says otherwise."""

import asyncio
import json
import uuid
from dataclasses import dataclass, field

from local.calls.call_data import session_in
from local.simulators.apns_account import ApnsAccount
from local.simulators.apns_provider_tokens import ProviderTokens
from local.simulators.apns_rules import (
    Request,
    refusals_after_the_provider_token,
    refusals_before_the_provider_token,
)
from local.simulators.faults import Fault, Faults
from local.simulators.pushes import Pushes

HOSTS = ("production", "sandbox")
MOST_BAD_TOKENS = 10  # of one connection, which is then closed. Apple does not say how many it takes
# Apple's status for a reason; a fault may name a reason alone
STATUSES = {
    **dict.fromkeys(("BadDeviceToken", "DeviceTokenNotForTopic", "BadTopic", "MissingTopic", "InvalidPushType"), 400),
    **dict.fromkeys(("BadExpirationDate", "BadPriority", "BadMessageId", "BadCollapseId", "DuplicateHeaders"), 400),
    **dict.fromkeys(("PayloadEmpty", "MissingDeviceToken"), 400),
    **dict.fromkeys(("ExpiredProviderToken", "InvalidProviderToken", "MissingProviderToken", "TopicDisallowed"), 403),
    **dict.fromkeys(("Forbidden", "BadEnvironmentKeyIdInToken", "UnrelatedKeyIdInToken"), 403),
    "BadPath": 404,
    "MethodNotAllowed": 405,
    "Unregistered": 410,
    "ExpiredToken": 410,
    "PayloadTooLarge": 413,
    "TooManyProviderTokenUpdates": 429,
    "TooManyRequests": 429,
    "InternalServerError": 500,
    "ServiceUnavailable": 503,
    "Shutdown": 503,
}
_REASONS = {400: "BadDeviceToken", 403: "InvalidProviderToken", 404: "BadPath", 405: "MethodNotAllowed"}
_REASONS |= {410: "Unregistered", 413: "PayloadTooLarge", 429: "TooManyRequests", 503: "ServiceUnavailable"}
_GOAWAY_INSTEAD = ("IdleTimeout", "GOAWAY")  # the connection ends without an answer
_AUTHENTICATION = ("ProviderToken", "KeyIdInToken")


@dataclass(frozen=True)
class Answer:
    """An answer; `goaway` is the reason with which the connection ends after it. With status 0 there is no answer."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    goaway: str | None = None
    authenticated: bool = True


@dataclass
class Connection:
    """What one connection's requests have in common."""

    host: str
    bad_tokens: int = field(default=0)


class ApnsSimulator:
    """Answers what Apple would, and records it in `pushes`; `connections` counts those that were opened."""

    def __init__(self, account: ApnsAccount, faults: Faults, pushes: Pushes) -> None:
        self.account, self.provider_tokens = account, ProviderTokens(account)
        self._faults, self._pushes = faults, pushes
        self.connections = 0

    def connected(self, host: str) -> Connection:
        """Return the state of a new connection to `host`."""
        self.connections += 1
        return Connection(host)

    async def answer(self, connection: Connection, request: Request) -> Answer:
        """Answer one request."""
        call = session_in(str(request.message.get("payload")))
        fault = self._faults.take("apns", request.token, host=connection.host, call=call)
        if fault:
            await asyncio.sleep(fault.delay_ms / 1000)
        if fault and fault.error_code in _GOAWAY_INSTEAD:
            return Answer(0, goaway="IdleTimeout")
        status, reason = _faulty(fault) or self._refusal(request) or (200, "")
        self._pushes.record_apns(connection.host, request, status, reason)
        return self._answered(connection, request, status, reason, fault)

    def _refusal(self, request: Request) -> tuple[int, str] | None:
        first = next(refusals_before_the_provider_token(request), None)
        refused = first or self.provider_tokens.refusal(request.header("authorization"))
        return refused or next(refusals_after_the_provider_token(request, self.account.bundle_id), None)

    def _answered(
        self, connection: Connection, request: Request, status: int, reason: str, fault: Fault | None
    ) -> Answer:
        headers: tuple[tuple[str, str], ...] = (("apns-id", request.header("apns-id") or str(uuid.uuid4())),)
        if connection.host == "sandbox" and status == 200:
            headers += (("apns-unique-id", str(uuid.uuid4())),)
        if not reason:
            return Answer(status, headers)
        told: dict[str, object] = {"reason": reason}
        if fault and fault.timestamp is not None:
            told["timestamp"] = fault.timestamp
        authenticated = not reason.endswith(_AUTHENTICATION)
        return Answer(status, headers, json.dumps(told).encode(), self._goaway(connection, reason), authenticated)

    def _goaway(self, connection: Connection, reason: str) -> str | None:
        if reason == "BadDeviceToken":
            connection.bad_tokens += 1
            return reason if connection.bad_tokens >= MOST_BAD_TOKENS else None
        return reason if reason == "Shutdown" else None


def _faulty(fault: Fault | None) -> tuple[int, str] | None:
    """Return the status and reason of a fault; None for one that only delays."""
    if fault is None or (fault.status is None and fault.error_code is None and fault.delay_ms):
        return None
    status = fault.status or STATUSES.get(fault.error_code or "", 503)
    return status, fault.error_code or _REASONS.get(status, "InternalServerError")
