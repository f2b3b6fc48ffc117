"""Exotel's Passthru, agent pass-through and StatusCallback as events."""

import contextlib
import json
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchboard.call_events.events import LONGEST_OTHER, MOST_OTHERS, event_of
from switchboard.foundation.errors import InvalidFieldError, MalformedRequestError
from switchboard.timeline.event import Event, Kind
from switchboard.web.form_body import fields_in

NOW = 1_574_526_700_000
TOLD = 1_574_526_637_000  # 22:00:37 in India
PASSTHRU = {
    "CallSid": "743ddcf5a0552050bc37b6d0ff9613bn",
    "CallFrom": "sip:alice",
    "CallTo": "sip:08040408080",
    "Direction": "incoming",
    "Created": "Sat,+23+Nov+2019+21:59:37",
    "DialCallDuration": "35",
    "RecordingUrl": "https://recordings.example.com/1.mp3",
    "StartTime": "2019-11-23 22:00:05",
    "EndTime": "1970-01-01 05:30:00",
    "DialCallStatus": "completed",
    "CallType": "completed",
    "DialWhomNumber": "sip:bob",
    "Legs[0][OnCallDuration]": "32",
    "CustomField": "Bob",
    "CurrentTime": "2019-11-23 22:00:37",
    "flow_id": "12345",
}
AGENT = {
    "CallSid": "743ddcf5a0552050bc37b6d0ff9613bn",
    "CallFrom": "SIP:alice@sip.example.com",
    "CallTo": "sip:08040408080",
    "Direction": "outbound-dial",
    "DialWhomNumber": "sip:bob",
    "Status": "busy",
    "EventType": "Ringing",
    "CurrentTime": "Sat, 23 Nov 2019 22:00:37",
}
STATUS: dict[str, Any] = {
    "CallSid": "743ddcf5a0552050bc37b6d0ff9613bn",
    "EventType": "terminal",
    "DateCreated": "2019-11-23 21:59:37",
    "DateUpdated": "2019-11-23 22:00:37",
    "Status": "completed",
    "From": "sip:alice",
    "StartTime": "2019-11-23 22:00:05",
    "EndTime": "2019-11-23 22:00:37",
    "ConversationDuration": 30,
    "Direction": "inbound",
    "Legs": [
        {"OnCallDuration": 41, "Status": "completed", "AnsweredBy": "NA"},
        {"OnCallDuration": 32, "Status": "completed", "AnsweredBy": "HUMAN"},
    ],
}


def event(fields: dict[str, Any]) -> Event:
    return event_of("demo1m", fields, NOW)


def test_passthru_tells_how_the_call_ended() -> None:
    kept = event(PASSTHRU)

    assert (kept.account, kept.call, kept.kind, kept.at, kept.subscriber) == (
        *("demo1m", PASSTHRU["CallSid"], Kind.EXOTEL_EVENT, TOLD),
        None,
    )
    assert dict(kept.details) == {
        "hook": "passthru",
        "caller": "alice",
        "callee": "bob",
        "exophone": "08040408080",
        "direction": "incoming",
        "call_type": "completed",
        "dial_status": "completed",
        "custom_field": "Bob",
        "dial_duration_s": 35,
        "duration_s": 32,
        "leg0_duration_s": 32,
        "recording_url": "https://recordings.example.com/1.mp3",
        "started_at": TOLD - 32_000,
        "exotel_Created": "Sat,+23+Nov+2019+21:59:37",
        "exotel_flow_id": "12345",
    }


@pytest.mark.parametrize(("dial_status", "status"), [("no-answer", "no-answer"), ("Busy", "busy"), ("", None)])
def test_a_call_that_nobody_took_keeps_why(dial_status: str, status: str | None) -> None:
    kept = event({"CallSid": "1", "CallType": "incomplete", "DialCallStatus": dial_status})

    assert (kept.details["call_type"], kept.details.get("dial_status")) == ("incomplete", status)


@pytest.mark.parametrize("told", ["Dial", "Ringing", "Answered", "Terminal"])
def test_the_agent_pass_through_tells_each_step(told: str) -> None:
    kept = event(AGENT | {"EventType": told})

    expected = {"hook": "agent", "event": told.lower(), "status": "busy", "caller": "alice", "callee": "bob"}
    assert expected.items() <= dict(kept.details).items()
    assert kept.at == TOLD


def test_an_agent_event_without_its_type_is_known_by_its_status() -> None:
    assert event({"CallSid": "1", "DialWhomNumber": "sip:bob", "Status": "free"}).details["hook"] == "agent"


def test_status_callback_tells_durations_of_the_call_and_its_legs() -> None:
    kept = event(STATUS)

    assert dict(kept.details) == {
        "hook": "status",
        "event": "terminal",
        "status": "completed",
        "caller": "alice",
        "direction": "inbound",
        "started_at": TOLD - 32_000,
        "ended_at": TOLD,
        "duration_s": 30,
        "leg0_duration_s": 41,
        "leg0_status": "completed",
        "leg0_answered_by": "na",
        "leg1_duration_s": 32,
        "leg1_status": "completed",
        "leg1_answered_by": "human",
        "exotel_DateCreated": "2019-11-23 21:59:37",
    }


def test_without_a_duration_of_its_own_a_call_lasted_as_long_as_its_shorter_leg() -> None:
    assert event({"CallSid": "1", "Status": "completed", "Legs": STATUS["Legs"]}).details["duration_s"] == 32


def form(fields: dict[str, str]) -> bytes:
    return urlencode(fields).encode()


def multipart(fields: dict[str, str]) -> bytes:
    parts = [f'--x\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()]
    return ("".join(parts) + "--x--\r\n").encode()


@pytest.mark.parametrize("kind", ["form", "multipart", "json", "json as text"])
def test_every_content_type_tells_the_same_event(kind: str) -> None:
    legs = {f"Legs[{n}][{name}]": str(value) for n, leg in enumerate(STATUS["Legs"]) for name, value in leg.items()}
    flat = {name: str(value) for name, value in STATUS.items() if name != "Legs"} | legs
    bodies = {
        "form": form(flat),
        "multipart": multipart(flat),
        "json": json.dumps(STATUS).encode(),
        "json as text": form(flat | {"Legs": json.dumps(STATUS["Legs"])}),
    }

    assert event(dict(fields_in(bodies[kind], ""))) == event(STATUS)


def test_the_same_event_told_twice_is_one_event() -> None:
    assert event_of("demo1m", STATUS, NOW).key == event_of("demo1m", STATUS, NOW + 30_000).key


@pytest.mark.parametrize(
    ("told", "at"),
    [
        ({}, NOW),
        ({"CurrentTime": "1970-01-01 05:30:00"}, NOW),
        ({"CurrentTime": "2035-01-01 00:00:00"}, NOW),
        ({"CurrentTime": "2019-11-23 22:01:39"}, NOW),  # a second ago: the arrival keeps the order
        ({"CurrentTime": "2019-11-23 22:00:37"}, TOLD),
        ({"DateUpdated": "2019-11-23 22:00:37", "CurrentTime": "2019-11-23 22:00:39"}, TOLD),
    ],
)
def test_an_event_is_kept_under_its_own_time_where_it_has_one(told: dict[str, str], at: int) -> None:
    assert event({"CallSid": "1"} | told).at == at


@pytest.mark.parametrize("sid", [None, "", " ", "a b", "a#b", "app:alice", "x" * 101, ["1"], {"a": "1"}])
def test_an_event_that_names_no_call_is_refused(sid: object) -> None:
    with pytest.raises(InvalidFieldError) as refusal:
        event({"CallSid": sid})

    assert refusal.value.field == "CallSid"


def test_invalid_numbers_are_left_out() -> None:
    kept = event(
        {"CallSid": "1", "DialCallDuration": "-1", "ConversationDuration": "soon", "StartTime": "", "Legs": []}
    )

    assert dict(kept.details) == {"hook": "passthru"}


def test_fields_that_nobody_knows_are_kept_within_bounds() -> None:
    kept = event({"CallSid": "1"} | {f"field{number:03}": "x" * 900 for number in range(100)})

    others = {name: value for name, value in kept.details.items() if name.startswith("exotel_")}
    assert len(others) == MOST_OTHERS
    assert {len(str(value)) for value in others.values()} == {LONGEST_OTHER}


@given(st.dictionaries(st.sampled_from(list(PASSTHRU)), st.text(max_size=60)))
def test_no_value_of_a_known_field_makes_it_crash(fields: dict[str, str]) -> None:
    kept = event(fields | {"CallSid": "1"})

    assert 0 <= kept.at < 10**13
    assert all(value not in (None, "") for value in kept.details.values())
    assert kept.key


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=8) | st.sampled_from([*PASSTHRU, *STATUS]), json_values, max_size=12))
def test_no_json_makes_it_crash(fields: dict[str, object]) -> None:
    with contextlib.suppress(InvalidFieldError):
        assert event(fields).kind is Kind.EXOTEL_EVENT


@given(st.binary(max_size=300), st.text(max_size=40))
def test_no_body_makes_it_crash(body: bytes, content_type: str) -> None:
    try:
        event({**fields_in(body, content_type), "CallSid": "1"})
    except MalformedRequestError:
        return


@given(st.dictionaries(st.text(min_size=1, max_size=10), st.text(max_size=10), max_size=8))
def test_a_form_is_read_as_it_was_written(fields: dict[str, str]) -> None:
    body = form(fields)

    assert body.startswith((b"%7B", b"--")) or dict(fields_in(body, "")) == dict(parse_qsl(body.decode(), True))
