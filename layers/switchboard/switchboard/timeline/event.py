"""A call's timeline: events in no particular order, each kept once, under the id with which it came."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

type Detail = str | int | float | bool | None


class Kind(StrEnum):
    """What an event tells of, with the details that it has besides `subscriber`. Times in details are milliseconds."""

    # caller, callee (absent: nobody), route, waited_ms, context_set_at; of a context that could not answer also
    # context_used_by (the CallSid that it had answered), or context_ended_at, context_ended_by (deleted, or a code)
    DIAL_WHOM = "dial-whom"
    # caller (the payload's callerId), push_id, push_key (alike for a push sent again); subscriber is the callee
    PUSH_ACCEPTED = "push-accepted"
    PUSH_SENT = "push-sent"  # push_id, device (first 12 of its key), platform, outcome, reason, latency_ms: per device
    PUSH_ENDED = "push-ended"  # push_id, outcome, reason: for the push as a whole (stale, no-device, …)
    PUSH_CORRELATION = "push-correlation"  # push_id, correlation (unmatched, ambiguous): why the push has no call
    PUSH_ACKNOWLEDGED = "push-acknowledged"  # push_id: the app says that it got it
    # SDK events that name several ids bear the others in session_id and push_id, which mean the same call
    SDK_CALLBACK = "sdk-callback"  # name (onCallRinging, …) and what else the app gave
    SDK_CDR = "sdk-cdr"  # state, duration_s, end_reason, direction, remote_id
    SDK_ERROR = "sdk-error"  # type (CONGESTION_ERROR, …), message, name (of the callback that told of it)
    # hook (passthru, agent, status), event (dial, ringing, answered, terminal), status, call_type, dial_status, caller,
    # callee, exophone, direction, custom_field, started_at, ended_at, duration_s (both on the call), dial_duration_s,
    # recording_url, leg<n>_duration_s, leg<n>_status, leg<n>_answered_by; the words in lower case
    EXOTEL_EVENT = "exotel-event"
    MISSED_CALL_NOTIFIED = "missed-call-notified"  # a push about the missed call is queued for subscriber's phones
    FEEDBACK = "feedback"  # rating, issue, comment, codec, packet_loss, jitter_ms, round_trip_ms, mos, stat_<other>
    LOGS_UPLOADED = "logs-uploaded"  # object, bytes, and entries with listing, or lines, or rejected (the reason)


OF_APP = "app:"


def of_app(name: str) -> str:
    """Return the id that holds a subscriber's events of no call, such as a failed initialization; no call has it."""
    return OF_APP + name


@dataclass(frozen=True, slots=True)
class Event:
    """One event about one call. `call` is the id with which it came: a CallSid, one of our pushIds, or an SDK session.

    `at` is when it happened, in milliseconds; `subscriber` is whose phone or app it is about, where it is about one.
    The same event told twice has the same key, so keeping both keeps one.
    """

    account: str
    call: str
    kind: Kind
    at: int
    subscriber: str | None = None
    details: Mapping[str, Detail] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Identify the event by all that it says."""
        said = [self.account, self.call, self.kind, self.at, self.subscriber, sorted(self.details.items())]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:24]
