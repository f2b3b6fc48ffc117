"""The events of an entry as its item stores them: without what its key says, and what they share said once.

A write is billed for each KB, and what is stored for each byte and month.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from switchboard.timeline.entry import Entry
from switchboard.timeline.event import Event
from switchboard.timeline.event_json import fields_of, read

type Fields = Mapping[str, Any]


def stored(entry: Entry) -> str:
    """Return the entry's events as JSON: a list of events, or an object with it and the details that all share."""
    known = _known(entry.account, entry.call, entry.told_by)
    events = [_without(known, fields_of(event)) for event in entry.events]
    shared = _shared([event["details"] for event in events])
    if len(events) == 1 or not shared:
        return _dumped(events)
    return _dumped({"shared": shared, "events": [{**e, "details": _without(shared, e["details"])} for e in events]})


def restored(account: str, call: str, told_by: str | None, text: str) -> Sequence[Event]:
    """Return the events of an entry from its key and its JSON. Raises MalformedRequestError."""
    known = _known(account, call, told_by)

    def parse() -> list[Fields]:
        found = json.loads(text)
        shared, events = (found["shared"], found["events"]) if isinstance(found, dict) else ({}, found)
        return [{**known, **event, "details": {**shared, **event["details"]}} for event in events]

    return read(parse)


def _known(account: str, call: str, told_by: str | None) -> Fields:
    """Return the fields of most of an entry's events that its key says."""
    return {"account": account, "call": call} | ({"subscriber": told_by} if told_by else {})


def _without(known: Fields, fields: Fields) -> Fields:
    return {name: value for name, value in fields.items() if not _has(known, name, value)}


def _shared(details: list[Fields]) -> Fields:
    """Return the details that all the events have, with the same values."""
    return {name: value for name, value in details[0].items() if all(_has(one, name, value) for one in details)}


def _has(fields: Fields, name: str, value: object) -> bool:
    return name in fields and _dumped(fields[name]) == _dumped(value)  # as text: 1, 1.0 and True are equal in Python


def _dumped(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
