"""Each parser with random input: it returns a result, or raises its one documented error."""

import io
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from switchboard.call_events.events import event_of
from switchboard.foundation.caller_ids import name_in
from switchboard.foundation.errors import InvalidFieldError, MalformedRequestError, TooLargeError
from switchboard.logs.multipart_envelope import unwrapped
from switchboard.logs.uploads import UnacceptableUploadError
from switchboard.logs.zip_check import checked
from switchboard.pushes import queue as push_queue
from switchboard.pushes import queued_push
from switchboard.pushes.body import push_fields
from switchboard.pushes.payload import caller_in, push_of
from switchboard.reports.sdk_reports import events_of
from switchboard.subscribers.devices import described
from switchboard.timeline import queue as timeline_queue
from switchboard.timeline.entry import entries_of
from switchboard.timeline.event import Event
from switchboard.timeline.event_json import encode, pieces
from switchboard.timeline.items import entry_items, events_in
from switchboard.timeline.summary import summarise
from switchboard.web.form_body import fields_in
from tests.fuzz.anything import CONTENT_TYPES, JSON, JWTS, TEXTS, bodies, spoilt, spoilt_jwt, written
from tests.fuzz.tries import TRIED, tries
from tests.push_stack import jwt
from tests.unit.login.test_sessions import ALICE, TOKENS
from tests.zips import enveloped, zipped

NOW = 1_700_000_000_000
PUSH = {"subscriberName": "bob", "payload": jwt(), "payloadVersion": "2.0"}
STATUS = {"CallSid": "c1", "EventType": "terminal", "DateUpdated": "2019-11-23 22:00:37", "Legs": [{"Status": "busy"}]}
REPORT = {"name": "onCallEnded", "time": NOW, "callId": "c1", "cdr": {"duration": 3}, "error": {"type": "X"}}
EVENT = {
    "account": "demo1m",
    "call": "c1",
    "kind": "sdk-callback",
    "at": NOW,
    "subscriber": "al",
    "details": {"name": "x"},
}
UPLOADS = (zipped(), enveloped(zipped()), enveloped(zipped({"a.log": b""})))


@contextmanager
def judged(*refusals: type[Exception]) -> Iterator[None]:
    try:
        yield
    except refusals:
        TRIED["refused"] += 1
    else:
        TRIED["read"] += 1


def raw(body: str | bytes | None) -> bytes:
    return body if isinstance(body, bytes) else (body or "").encode("utf-8", "replace")


def kept(events: Sequence[Event]) -> None:
    """An accepted event must pass through the queue, the table and the summary."""
    bodies = [encode(piece) for piece in pieces(list(events))]
    assert [event for body in bodies for event in timeline_queue.message_of(body).events] == list(events)
    items: list[Any] = [item for entry in entries_of(events) for item in entry_items(entry, 1)]
    assert {one.key for item in items for one in events_in(item)} == {event.key for event in events}
    summarise(events)


@tries(25)
@given(bodies(PUSH), CONTENT_TYPES | TEXTS)
def test_a_push(body: str | bytes | None, content_type: str) -> None:
    with judged(MalformedRequestError, InvalidFieldError, TooLargeError):
        push = push_of("demo1m", push_fields(raw(body), content_type), "p1", NOW)
        assert queued_push.decode(push_queue.encode(push)) == push
        caller_in(push.payload)


@tries(25)
@given(JWTS | spoilt_jwt(TOKENS.issue(ALICE, "a-phone")[0]) | spoilt_jwt(jwt()))
def test_a_payload_and_a_session(token: str) -> None:
    with judged():
        caller_in(token)
        assert TOKENS.read(token) is None


@tries(25)
@given(bodies(STATUS), CONTENT_TYPES)
def test_a_call_event(body: str | bytes | None, content_type: str) -> None:
    with judged(MalformedRequestError, InvalidFieldError):
        kept([event_of("demo1m", fields_in(raw(body), content_type), NOW)])


@tries(25)
@given(spoilt(REPORT).filter(lambda told: isinstance(told, dict)))
def test_a_report_of_an_app(told: dict[str, object]) -> None:
    with judged(InvalidFieldError):
        kept(events_of("demo1m", "alice", json.loads(written(told)), NOW))


@tries(25)
@given(TEXTS, st.none() | TEXTS)
def test_a_device_and_a_caller_id(text: str, device_id: str | None) -> None:
    with judged(InvalidFieldError):
        name_in(text)
        assert described(text, NOW, device_id=device_id).token == text


@tries(25)
@given(st.lists(spoilt(EVENT), max_size=3).map(written) | JSON.map(written) | TEXTS)
def test_a_message_of_the_timeline(body: str) -> None:
    with judged(MalformedRequestError):
        summarise(timeline_queue.message_of(body).events)


@tries(25)
@given(spoilt(json.loads(push_queue.encode(push_of("demo1m", PUSH, "p1", NOW)))).map(written) | TEXTS)
def test_a_message_of_the_push_queue(body: str) -> None:
    with judged(MalformedRequestError):
        queued_push.decode(body)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """An upload with some of its bytes changed, taken out or put in."""
    content = bytearray(draw(st.sampled_from(UPLOADS)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(len(content) - 1, 0)))
        put, taken = draw(st.binary(max_size=4)), draw(st.integers(0, 4))
        content[at : at + taken] = put
    return bytes(content[: draw(st.none() | st.integers(0, len(content)))])


@tries(25)
@given(damaged() | st.binary(max_size=200), st.integers(1, 600))
def test_an_upload(content: bytes, size: int) -> None:
    with judged(UnacceptableUploadError):
        pieces = (content[at : at + size] for at in range(0, len(content), size))
        checked(io.BytesIO(b"".join(unwrapped(pieces))))
