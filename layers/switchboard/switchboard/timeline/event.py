"""The events of a call's timeline: in any order, each stored once, under the id that it came with."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

type Detail = str | int | float | bool | None


class Kind(StrEnum):
    """The kind of an event; comments list its details besides `subscriber`. Times in details are milliseconds."""

    # caller, callee (absent: nobody), route, waited_ms, context_set_at; if a context could not be used also
    # context_used_by (the CallSid that used it), or context_ended_at, context_ended_by (`deleted`, or an error code)
    DIAL_WHOM = "dial-whom"
    # caller (the payload's callerId), push_id, push_key (the same for a push sent again), call_sid (if its call is
    # known); subscriber is the callee
    PUSH_ACCEPTED = "push-accepted"
    PUSH_SENT = "push-sent"  # push_id, device (first 12 of its key), platform, outcome, reason, latency_ms: per device
    PUSH_ENDED = "push-ended"  # push_id, outcome, reason: for the push as a whole (stale, no-device, …)
    PUSH_CORRELATION = "push-correlation"  # push_id, correlation (unmatched, ambiguous): why the push has no call
    # push_id, state (ringing, answered, declined, busy), phone (first 12 of the session's phone_key): the push arrived
    PUSH_ACKNOWLEDGED = "push-acknowledged"
    # SDK events with several ids have the further ones in session_id and push_id; all are of the same call
    SDK_CALLBACK = "sdk-callback"  # name (onCallRinging, …) and further fields of the app
    SDK_CDR = "sdk-cdr"  # state, duration_s, end_reason, direction, remote_id
    SDK_ERROR = "sdk-error"  # type (CONGESTION_ERROR, …), message, name (of the callback that reported it)
    # hook (passthru, agent, status), event (dial, ringing, answered, terminal), status, call_type, dial_status, caller,
    # callee, exophone, direction, custom_field, started_at, ended_at, duration_s (both on the call), dial_duration_s,
    # recording_url, leg<n>_duration_s, leg<n>_status, leg<n>_answered_by; Exotel's constants in lower case
    EXOTEL_EVENT = "exotel-event"
    MISSED_CALL_NOTIFIED = "missed-call-notified"  # a push about the missed call is queued for subscriber's phones
    FEEDBACK = "feedback"  # rating, issue, comment, codec, packet_loss, jitter_ms, round_trip_ms, mos, stat_<other>
    LOGS_UPLOADED = "logs-uploaded"  # object, bytes, and entries with listing, or lines, or rejected (the reason)


# What an app reports; Dial Whom, our pushes and Exotel's webhooks make all others, which no app can forge.
OF_APPS = frozenset(
    {
        *(Kind.SDK_CALLBACK, Kind.SDK_CDR, Kind.SDK_ERROR),
        *(Kind.PUSH_ACKNOWLEDGED, Kind.FEEDBACK, Kind.LOGS_UPLOADED),
    }
)
OF_PUSHES = frozenset({Kind.PUSH_ACCEPTED, Kind.PUSH_SENT, Kind.PUSH_ENDED, Kind.PUSH_CORRELATION})
OF_APP = "app:"
_SHOWN = 12  # characters of a key: enough to distinguish two phones or two pushes


def of_app(name: str) -> str:
    """Return the id for a subscriber's events without a call, such as a failed initialization."""
    return OF_APP + name


def shown(key: str) -> str:
    """Return a key of a device, a phone or a push as events show it."""
    return key[:_SHOWN]


@dataclass(frozen=True, slots=True)
class Event:
    """An event of a call. `call` is the id that it came with: a CallSid, one of our pushIds, or an SDK session id.

    `at` is when it happened, in milliseconds; `subscriber` is the one whose phone or app it concerns, if any. The same
    event reported twice has the same key, so it is stored once.
    """

    account: str
    call: str
    kind: Kind
    at: int
    subscriber: str | None = None
    details: Mapping[str, Detail] = field(default_factory=dict)

    @property
    def of_an_app(self) -> bool:
        """Whether an app reported it, so that it is believed of a party only."""
        return self.kind in OF_APPS

    @property
    def key(self) -> str:
        """A hash of all fields."""
        said = [self.account, self.call, self.kind, self.at, self.subscriber, sorted(self.details.items())]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:24]
