"""Events as JSON: in the Calls table's items and in the TimelineQueue's messages."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from switchboard.foundation.errors import MalformedRequestError
from switchboard.timeline.event import Detail, Event, Kind

LARGEST = 240_000  # bytes of one list; SQS takes 262,144 and a DynamoDB item 400 KB
_LONGEST_ID = 256  # characters


def pieces(events: Sequence[Event]) -> Iterator[Sequence[Event]]:
    """Yield the events in lists whose JSON has at most LARGEST bytes (in ASCII one character is one byte)."""
    held, size = list[Event](), 2
    for event in events:
        length = len(json.dumps(fields_of(event), separators=(",", ":"))) + 1
        if held and size + length > LARGEST:
            yield held
            held, size = [], 2
        held.append(event)
        size += length
    if held:
        yield held


def encode(events: Sequence[Event]) -> str:
    """Return the events as a JSON list."""
    return json.dumps([fields_of(event) for event in events], separators=(",", ":"))


def decode(text: str) -> Sequence[Event]:
    """Return the events in a JSON list. Raises MalformedRequestError with the reason, without the text."""
    return read(lambda: json.loads(text))


def read(parse: Any) -> Sequence[Event]:  # noqa: ANN401 - a callable that returns any JSON
    """Return the events in what `parse` returns. Raises MalformedRequestError."""
    try:
        return [_event(fields) for fields in _list(parse())]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as fault:
        reason = f"no events in the message: {type(fault).__name__}"
        raise MalformedRequestError("malformed_message", reason) from None


def fields_of(event: Event) -> Mapping[str, Any]:
    """Return an event as a JSON object."""
    fields = {"account": event.account, "call": event.call, "kind": event.kind, "at": event.at}
    if event.subscriber is not None:
        fields["subscriber"] = event.subscriber
    return fields | {"details": dict(event.details)}


def _event(fields: Mapping[str, Any]) -> Event:
    subscriber = fields.get("subscriber")
    return Event(
        account=_name(fields["account"]),
        call=_name(fields["call"]),
        kind=Kind(fields["kind"]),
        at=_time(fields["at"]),
        subscriber=None if subscriber is None else _name(subscriber),
        details={key: _detail(value) for key, value in fields["details"].items()},
    )


def _list(value: object) -> list[Any]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise TypeError
    return value


def _name(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    value.encode()  # raises UnicodeEncodeError, a ValueError, for a lone surrogate
    if not 1 <= len(value) <= _LONGEST_ID:
        raise ValueError
    return value


def _time(value: object) -> int:
    if type(value) is not int:
        raise TypeError
    if not 0 <= value < 10**13:
        raise ValueError
    return value


def _detail(value: object) -> Detail:
    if isinstance(value, str | int | float | bool | None):
        return value
    raise TypeError
