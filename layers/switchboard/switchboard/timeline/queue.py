"""The TimelineQueue in SQS: each message is a JSON list of events."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from switchboard.foundation.errors import AwsError, MalformedRequestError, UnavailableError
from switchboard.timeline.event import Detail, Event, Kind

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

LARGEST_MESSAGE = 240_000  # bytes; SQS takes 262,144
_LONGEST_ID = 256  # characters


class SqsTimelineQueue:
    """Implements TimelineQueue."""

    def __init__(self, client: SQSClient, url: str) -> None:
        self._client = client
        self._url = url

    def put(self, events: Sequence[Event]) -> None:
        """Queue the events in as few messages as possible. Raises UnavailableError."""
        try:
            for body in encode(events):
                self._client.send_message(QueueUrl=self._url, MessageBody=body)
        except AwsError as fault:
            raise UnavailableError("not_queued", "this could not be queued; send it again", retry_after=1) from fault

    def delay(self, receipt_handle: str, seconds: int) -> None:
        """Make a received message visible again after `seconds`."""
        self._client.change_message_visibility(
            QueueUrl=self._url, ReceiptHandle=receipt_handle, VisibilityTimeout=seconds
        )


def encode(events: Sequence[Event]) -> Iterator[str]:
    """Yield message bodies with the events, each within SQS's limit (JSON in ASCII: one character is one byte)."""
    held, size = list[str](), 2
    for text in map(_text_of, events):
        if held and size + len(text) + 1 > LARGEST_MESSAGE:
            yield f"[{','.join(held)}]"
            held, size = [], 2
        held.append(text)
        size += len(text) + 1
    if held:
        yield f"[{','.join(held)}]"


def decode(body: str) -> Sequence[Event]:
    """Return the events in a message body. Raises MalformedRequestError with the reason, without the body."""
    try:
        return [_event(fields) for fields in _list(json.loads(body))]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as fault:
        reason = f"no events in the message: {type(fault).__name__}"
        raise MalformedRequestError("malformed_message", reason) from None


def _text_of(event: Event) -> str:
    fields = {"account": event.account, "call": event.call, "kind": event.kind, "at": event.at}
    if event.subscriber is not None:
        fields["subscriber"] = event.subscriber
    return json.dumps(fields | {"details": dict(event.details)}, separators=(",", ":"))


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
