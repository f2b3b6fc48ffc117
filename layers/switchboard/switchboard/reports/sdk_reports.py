"""Converts an app's reports on its SDK to events: callbacks, CDRs and errors.

Unknown fields and values of newer SDKs are stored as well, within limits.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from switchboard.foundation.errors import InvalidFieldError
from switchboard.reports.sanitising import clean, number, plain, word
from switchboard.timeline.event import Detail, Event, Kind, of_app

LONGEST_NAME = 40  # characters
MOST_OTHERS = 20  # unknown fields of one event
OLDEST_MS = 30 * 86_400_000  # a phone may have been offline for a long time
AHEAD_MS = 5 * 60_000  # a phone's clock may be fast
_ID = re.compile(r"[A-Za-z0-9._@+=/-]{1,128}")
_IDS = {"callId": "call_id", "pushId": "push_id", "sessionId": "session_id"}
_READ = {"name", "time", "cdr", "error", *_IDS}
# our names -> those of the guide and of the SDK; the first that is present is used
_CDR_WORDS = {
    "state": ("state", "callState"),
    "end_reason": ("endReason", "callEndReason"),
    "direction": ("direction", "callDirection"),
}
_CDR_DURATION = ("duration", "callDuration")  # seconds
_CDR_READ = {"remoteId", *_IDS, *_CDR_DURATION, *(name for names in _CDR_WORDS.values() for name in names)}


def events_of(account: str, subscriber: str, report: Mapping[str, object], arrived_at: int) -> Sequence[Event]:
    """Return an event for each part of a report: its callback's name, its error, its CDR.

    `arrived_at` is in milliseconds. The events get the first of callId, pushId and sessionId, or without one the id for
    the app's events without a call; the further ids become details. Raises InvalidFieldError for an invalid id or an
    empty report.
    """
    cdr = _inner(report, "cdr")
    ids = {ours: _id(name, value) for name, ours in _IDS.items() if (value := report.get(name) or cdr.get(name))}
    call = next(iter(ids.values()), of_app(subscriber))
    at, clock = _moment(report.get("time"), arrived_at)
    shared = {name: value for name, value in ids.items() if name != "call_id"} | clock
    parts = list(_parts(report, cdr))
    if not parts:
        raise InvalidFieldError("invalid_field", "an event needs a name, an error or a cdr", field="name")
    return [Event(account, call, kind, at, subscriber, _present(details | shared)) for kind, details in parts]


def _parts(report: Mapping[str, object], cdr: Mapping[str, object]) -> Iterator[tuple[Kind, dict[str, Detail]]]:
    name, error = plain(report.get("name")), _inner(report, "error")
    if name:
        yield Kind.SDK_CALLBACK, {"name": name, **_others(report, _READ)}
    if error:
        yield Kind.SDK_ERROR, {"type": plain(error.get("type")), "message": plain(error.get("message")), "name": name}
    if cdr:
        words: dict[str, Detail] = {ours: word(_first(cdr, theirs)) for ours, theirs in _CDR_WORDS.items()}
        duration, remote = number(_first(cdr, _CDR_DURATION)), plain(cdr.get("remoteId"))
        yield Kind.SDK_CDR, {**words, "duration_s": duration, "remote_id": remote, **_others(cdr, _CDR_READ)}


def _id(name: str, value: object) -> str:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        message = f"{name} takes at most 128 letters, digits and ._@+=/-"
        raise InvalidFieldError("invalid_field", message, field=name)
    return value


def _first(report: Mapping[str, object], names: Sequence[str]) -> object:
    return next((report[name] for name in names if report.get(name) is not None), None)


def _inner(report: Mapping[str, object], name: str) -> Mapping[str, object]:
    inner = report.get(name)
    return inner if isinstance(inner, Mapping) else {}


def _others(report: Mapping[str, object], read: set[str]) -> dict[str, Detail]:
    """Return the unknown fields. The prefix `app_` prevents an app from setting details of other sources."""
    unknown = [name for name in sorted(report) if name not in read]
    return {f"app_{clean(name, LONGEST_NAME)}": plain(report[name]) for name in unknown[:MOST_OTHERS]}


def _present(details: Mapping[str, Detail]) -> dict[str, Detail]:
    return {name: value for name, value in details.items() if value not in (None, "")}


def _moment(stated: object, arrived_at: int) -> tuple[int, dict[str, Detail]]:
    """Return when it happened (milliseconds): as stated, or if that is implausible the arrival and the stated time."""
    at = _milliseconds(stated)
    if at is not None and arrived_at - OLDEST_MS <= at <= arrived_at + AHEAD_MS:
        return at, {}
    return arrived_at, ({} if stated is None else {"phone_time": plain(stated)})


def _milliseconds(stated: object) -> int | None:
    """Read epoch seconds, epoch milliseconds or ISO 8601 (UTC where no zone is given)."""
    moment = number(stated)
    if moment is not None:
        return int(moment) if moment >= 1e11 else int(moment * 1000)
    try:
        when = datetime.fromisoformat(str(stated))
        return int((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() * 1000)
    except (ValueError, OverflowError):
        return None
