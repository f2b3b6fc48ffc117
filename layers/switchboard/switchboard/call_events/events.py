"""Parses Exotel's call events: Passthru, the agent pass-through and StatusCallback (contract 2.3).

Every field may be missing, and a customer's flow may add some. Known fields get our names, others are stored as sent.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from switchboard.call_events.fields import MOST_TEXT, flattened
from switchboard.call_events.times import milliseconds
from switchboard.foundation.caller_ids import name_in
from switchboard.foundation.errors import InvalidFieldError
from switchboard.timeline.event import Detail, Event, Kind

MOST_OTHERS = 20  # unknown fields of one event
LONGEST_OTHER = 200  # characters
PROMPT_MS = 2000  # an event that arrives this soon after its stated time gets the arrival as its time
_AHEAD_MS = 24 * 3600 * 1000  # a time further in the future is invalid; no mistaken time zone explains it
_CALL_SID = re.compile(r"[A-Za-z0-9._-]{1,100}\Z")
_LEG = re.compile(r"Legs\[([0-9]{1,2})\]\[(\w+)\]\Z")  # a hundred legs; an event has two hundred fields at most
_LEG_FIELDS = {"OnCallDuration": "duration_s", "Status": "status", "AnsweredBy": "answered_by"}
_AGENT_EVENTS = ("dial", "ringing", "answered", "terminal")
_EVENT_TIMES = ("DateUpdated", "CurrentTime")  # the event's time; other fields have the call's times


def event_of(account: str, sent: Mapping[str, object], arrived_at: int) -> Event:
    """Return the event in the fields that Exotel sent; `arrived_at` is in milliseconds.

    Raises InvalidFieldError for an event without a valid CallSid.
    """
    fields = flattened(sent)
    call_sid = fields.get("CallSid", "").strip()
    if not _CALL_SID.match(call_sid):
        raise InvalidFieldError(
            "invalid_field", "CallSid is needed: letters, digits, . _ -, up to 100", field="CallSid"
        )
    details = {name: value for name, value in _details(fields, arrived_at) if value not in (None, "")}
    return Event(account, call_sid, Kind.EXOTEL_EVENT, _happened_at(fields, arrived_at), details=details)


def _details(fields: Mapping[str, str], arrived_at: int) -> Iterator[tuple[str, Detail]]:
    yield "hook", _hook(fields)
    for name, (sources, read) in _KNOWN.items():
        values = (read(fields.get(source, "")) for source in sources)
        yield name, next((value for value in values if value not in (None, "")), None)
    yield from _legs(fields)
    for name, source in (("started_at", "StartTime"), ("ended_at", "EndTime")):
        yield name, _time(fields.get(source, ""), arrived_at)
    yield from _others(fields)


def _hook(fields: Mapping[str, str]) -> str:
    """Return which of the three it is, by fields that only that one has; no field says so itself."""
    event, status = _word(fields.get("EventType", "")), _word(fields.get("Status", ""))
    if "CallType" in fields or not (event or status):
        return "passthru"
    of_agent = "DialWhomNumber" in fields and (event in _AGENT_EVENTS or status in ("busy", "free"))
    return "agent" if of_agent else "status"


def _word(text: str) -> str:
    return text.strip().lower()[:MOST_TEXT]


def _name(text: str) -> str:
    return name_in(text)[:MOST_TEXT]


def _seconds(text: str) -> int | None:
    """Return a number of seconds without its fraction, or None; -1 means that there was no such duration."""
    number, point, fraction = text.strip().partition(".")
    if point and not fraction.isdecimal():
        return None
    return int(number) if number.isdecimal() and len(number) <= 9 else None


# our name -> Exotel's fields, of which the first with a value is used, and the function that parses it
_KNOWN: dict[str, tuple[tuple[str, ...], Callable[[str], Detail]]] = {
    "event": (("EventType",), _word),
    "status": (("Status",), _word),
    "call_type": (("CallType",), _word),
    "call_status": (("CallStatus",), _word),
    "dial_status": (("DialCallStatus",), _word),
    "caller": (("CallFrom", "From"), _name),
    "callee": (("DialWhomNumber",), _name),
    "exophone": (("CallTo",), _name),
    "direction": (("Direction",), _word),
    "custom_field": (("CustomField",), str),
    "dial_duration_s": (("DialCallDuration",), _seconds),
    "recording_url": (("RecordingUrl",), str),
}
_READ = {source for sources, _ in _KNOWN.values() for source in sources} | {
    *("CallSid", "StartTime", "EndTime", "ConversationDuration", *_EVENT_TIMES)
}


def _legs(fields: Mapping[str, str]) -> Iterator[tuple[str, Detail]]:
    """Yield each leg's values, and the duration of the talk: as stated, else derived from the legs."""
    durations = []
    for name, value in fields.items():
        if (leg := _LEG.match(name)) and leg[2] in _LEG_FIELDS:
            read = _seconds(value) if leg[2] == "OnCallDuration" else _word(value)
            yield f"leg{int(leg[1])}_{_LEG_FIELDS[leg[2]]}", read
            durations += [read] if isinstance(read, int) else []
    stated = _seconds(fields.get("ConversationDuration", ""))
    yield "duration_s", _talk(durations, _hook(fields)) if stated is None else stated


def _talk(durations: Sequence[int], hook: str) -> int | None:
    """Return the duration of the talk. A Passthru's legs are the destinations tried, of which one was answered.

    A StatusCallback also has the caller's own leg, which is longer than the talk. Legs of 0 s were not answered.
    """
    if hook == "status":
        return min(filter(None, durations), default=max(durations, default=None))
    return max(durations, default=None)


def _others(fields: Mapping[str, str]) -> Iterator[tuple[str, Detail]]:
    unknown = [name for name in sorted(fields) if name not in _READ and not name.startswith("Legs[")]
    for name in unknown[:MOST_OTHERS]:
        yield f"exotel_{name}", fields[name][:LONGEST_OTHER]


def _happened_at(fields: Mapping[str, str], arrived_at: int) -> int:
    """Return when the event happened (milliseconds): by Exotel's own time, so that an event sent twice is stored once.

    For an event that arrives within PROMPT_MS, the arrival is used instead: it keeps the order within a second.
    """
    stated = next((at for source in _EVENT_TIMES if (at := _time(fields.get(source, ""), arrived_at))), None)
    if stated is None or 0 <= arrived_at - stated < PROMPT_MS:
        return arrived_at
    return stated


def _time(text: str, arrived_at: int) -> int | None:
    at = milliseconds(text)
    return at if at is not None and at < arrived_at + _AHEAD_MS else None
