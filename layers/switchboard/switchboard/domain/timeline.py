"""A call's timeline: facts in no particular order, each kept once, under the id with which it came."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

type Detail = str | int | float | bool | None


class Kind(StrEnum):
    """What an event tells of, with the details that it has besides `subscriber`. Times in details are milliseconds."""

    DIAL_WHOM = "dial-whom"  # caller, callee (absent: nobody), meant (a suspended callee), route, waited_ms, context_set_at
    PUSH_ACCEPTED = "push-accepted"  # caller (the payload's callerId), push_id; subscriber is the callee
    PUSH_SENT = "push-sent"  # push_id, device (first 12 of its key), platform, outcome, reason, latency_ms: per device
    PUSH_ENDED = "push-ended"  # push_id, outcome, reason: for the push as a whole (stale, no-device, …)
    PUSH_JOIN = "push-join"  # push_id, mark (joined, unmatched, ambiguous): whether the push's call was found
    PUSH_ACKNOWLEDGED = "push-acknowledged"  # push_id: the app says that it got it
    SDK_CALLBACK = "sdk-callback"  # name (onCallRinging, …), session_id and what the SDK gave
    SDK_CDR = "sdk-cdr"  # session_id, state, duration_s, end_reason
    SDK_ERROR = "sdk-error"  # type (CONGESTION_ERROR, …), message
    EXOTEL_EVENT = "exotel-event"  # hook (passthru, agent, status), event (…), caller, callee, status, and what _EXOTEL lists
    FEEDBACK = "feedback"  # rating, issue, comment, and the statistics' figures
    LOGS_UPLOADED = "logs-uploaded"  # object, entries, bytes; or set_aside with the reason


def of_app(name: str) -> str:
    """Return the id that holds a subscriber's facts of no call, such as a failed initialization; no call has it."""
    return f"app:{name}"


@dataclass(frozen=True, slots=True)
class Event:
    """One fact about one call. `call` is the id with which it came: a CallSid, one of our pushIds, or an SDK session.

    `at` is when it happened, in milliseconds; `subscriber` is whose phone or app it is about, where it is about one.
    The same fact told twice has the same key, so keeping both keeps one.
    """

    account: str
    call: str
    kind: Kind
    at: int
    subscriber: str | None = None
    details: Mapping[str, Detail] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Identify the fact by all that it says."""
        said = [self.account, self.call, self.kind, self.at, self.subscriber, sorted(self.details.items())]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:24]
