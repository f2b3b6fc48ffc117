"""The TimelineQueue in SQS: events that could not be written at once, and work that is to be done (again).

A message is a JSON list of events, or an object with such a list: under `refresh` stored events of a call whose
histories must follow, under `missed` Exotel's event after which the callee may have to be told of a missed call.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from switchboard.foundation.errors import AwsError, MalformedRequestError, UnavailableError
from switchboard.timeline.event import Event
from switchboard.timeline.event_json import decode, encode, pieces, read

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

EVENTS, REFRESH, MISSED = "events", "refresh", "missed"


@dataclass(frozen=True, slots=True)
class Message:
    """A message's task, one of EVENTS, REFRESH, MISSED, and its events."""

    task: str
    events: Sequence[Event]


class SqsTimelineQueue:
    """Implements TimelineWriter by queueing, and puts tasks for record_call into the queue."""

    def __init__(self, client: SQSClient, url: str) -> None:
        self._client = client
        self._url = url

    def put(self, events: Sequence[Event]) -> None:
        """Queue the events in as few messages as possible. Raises UnavailableError."""
        for piece in pieces(events):
            self._send(encode(piece))

    def refresh(self, events: Sequence[Event]) -> None:
        """Queue that the histories follow these stored events of one call. Raises UnavailableError."""
        self._send(_task(REFRESH, events))

    def missed(self, event: Event, delay: int) -> None:
        """Queue the look at a call that may have been missed, in `delay` seconds. Raises UnavailableError."""
        self._send(_task(MISSED, [event]), delay)

    def _send(self, body: str, delay: int = 0) -> None:
        try:
            self._client.send_message(QueueUrl=self._url, MessageBody=body, DelaySeconds=delay)
        except AwsError as fault:
            raise UnavailableError("not_queued", "this could not be queued; send it again", retry_after=1) from fault


def message_of(body: str) -> Message:
    """Return the message in a body. Raises MalformedRequestError with the reason, without the body."""
    try:
        parsed: Any = json.loads(body)
    except (ValueError, RecursionError):
        parsed = None
    if not isinstance(parsed, dict):
        return Message(EVENTS, decode(body))
    for task in (REFRESH, MISSED):
        if parsed.get(task):
            return Message(task, read(lambda: parsed[task]))  # noqa: B023 - it is called at once
    raise MalformedRequestError("malformed_message", "no events in the message: no known task")


def _task(name: str, events: Sequence[Event]) -> str:
    return f'{{"{name}":{encode(events)}}}'
