"""The events of events/, made anew for each time that a function is to handle one: other callers, other calls."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from benchmarks import ROOT
from benchmarks.handlers.functions import event_name

CALL_SID = "743ddcf5a0552050bc37b6d0ff9613bn"
PUSH_ID = "6f1d2c3b4a5968778695a4b3c2d1e0f0"
UPLOAD = "20231114T221320Z-0f3c"
LATER_MS = 20_000  # a push is from that far ahead, so that it still rings when valgrind comes to it

type Event = dict[str, Any]


def recorded(name: str) -> Event:
    """Return a file of events/."""
    event: Event = json.loads((ROOT / "events" / f"{name}.json").read_text(encoding="utf-8"))
    return event


def numbered(text: str, number: int) -> str:
    """Return an id of the same length that bears a number."""
    return text[:-6] + f"{number:06}"


def events_of(function: str, count: int, session: str = "") -> list[Event]:
    """Return `count` events for a function, as from the user with this session."""
    event = recorded(event_name(function))
    if "/subscribers/{name}/" in event.get("routeKey", ""):
        event["headers"]["authorization"] = f"Bearer {session}"
    change = _CHANGES.get(event_name(function))
    return [change(event, number) if change else event for number in range(count)]


def as_of(event: Event, name: str, instead: str = "alice") -> Event:
    """Return an event of alice's, or of whose it is, as it is of another user."""
    return _replaced(event, {instead: name, instead.capitalize(): name.capitalize()})


def caller(number: int) -> str:
    """Return the name of a caller with a context of its own."""
    return f"caller{number}"


def upload_key(event: Mapping[str, Any]) -> str:
    """Return the S3 key that an event of unpack_logs names."""
    return str(json.loads(event["Records"][0]["body"])["Records"][0]["s3"]["object"]["key"])


def _dial_whom(event: Event, number: int) -> Event:
    return _replaced(event, {CALL_SID: numbered(CALL_SID, number), "sip:alice": f"sip:{caller(number)}"})


def _deliver_push(event: Event, number: int) -> Event:
    def later(body: Event) -> Event:
        return body | {"payload": numbered(body["payload"], number), "acceptedAt": int(time.time() * 1000) + LATER_MS}

    return _with_body(event, later)


def _record_call(event: Event, number: int) -> Event:
    return _replaced(event, {PUSH_ID: numbered(PUSH_ID, number), "alice": caller(number), "bob": f"callee{number}"})


def _ingest_reports(event: Event, number: int) -> Event:
    return _replaced(event, {CALL_SID: numbered(CALL_SID, number)})


def _unpack_logs(event: Event, number: int) -> Event:
    return _replaced(event, {UPLOAD: numbered(UPLOAD, number)})


_CHANGES: Mapping[str, Callable[[Event, int], Event]] = {
    "dial_whom": _dial_whom,
    "deliver_push": _deliver_push,
    "record_call": _record_call,
    "ingest_reports": _ingest_reports,
    "unpack_logs": _unpack_logs,
}


def _with_body(event: Event, change: Callable[[Event], Event]) -> Event:
    records = [record | {"body": json.dumps(change(json.loads(record["body"])))} for record in event["Records"]]
    return event | {"Records": records}


def _replaced(event: Event, words: Mapping[str, str]) -> Event:
    text = json.dumps(event)
    for old, new in words.items():
        text = text.replace(old, new)
    replaced: Event = json.loads(text)
    return replaced
