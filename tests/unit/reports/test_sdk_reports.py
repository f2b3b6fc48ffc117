"""An app's reports about its SDK, as events."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchboard.foundation.errors import InvalidFieldError, SwitchboardError
from switchboard.reports.schema import EventsBody
from switchboard.reports.sdk_reports import AHEAD_MS, MOST_OTHERS, OLDEST_MS, events_of
from switchboard.timeline.event import Event, Kind, of_app
from switchboard.web.bodies import read
from switchboard.web.request import Request

NOW = 1_700_000_000_000


def events(told: dict[str, Any]) -> list[Event]:
    return list(events_of("demo1m", "alice", told, NOW))


def test_a_callback_is_an_event_of_the_call_and_bears_the_other_ids() -> None:
    told = {"name": "onCallRinging", "time": NOW - 500, "callId": "call1", "sessionId": "s1", "pushId": "p1"}

    assert events(told) == [
        Event(
            *("demo1m", "call1", Kind.SDK_CALLBACK, NOW - 500, "alice"),
            {"name": "onCallRinging", "push_id": "p1", "session_id": "s1"},
        )
    ]


@pytest.mark.parametrize(
    ("ids", "call"),
    [
        ({"callId": "c", "pushId": "p", "sessionId": "s"}, "c"),
        ({"pushId": "p", "sessionId": "s"}, "p"),
        ({"sessionId": "s"}, "s"),
        ({"cdr": {"callId": "c", "sessionId": "s"}}, "c"),
        ({}, of_app("alice")),
    ],
)
def test_an_event_is_stored_under_its_most_specific_id(ids: dict[str, Any], call: str) -> None:
    assert {event.call for event in events({"name": "onCallEnded"} | ids)} == {call}


def test_a_cdr_is_read_in_the_guides_words_and_in_the_sdks_own() -> None:
    guide = {"sessionId": "s", "state": "ENDED", "duration": 32, "endReason": "BUSY", "direction": "OUTGOING"}
    own = {"sessionId": "s", "callState": "ENDED", "callDuration": "32", "callEndReason": "BUSY"}

    (one,), (other,) = events({"cdr": guide}), events({"cdr": own | {"callDirection": "OUTGOING"}})
    assert one == other
    assert dict(one.details) == {
        "session_id": "s",
        "state": "ended",
        "duration_s": 32,
        "end_reason": "busy",
        "direction": "outgoing",
    }


def test_an_event_of_several_parts_is_several_events() -> None:
    error = {"type": "AUTHENTICATION_EXPIRED_TOKEN", "message": "expired"}

    callback, failure, cdr = events({"name": "onCallEnded", "error": error, "cdr": {"remoteId": "Bob"}, "callId": "c"})
    assert (callback.kind, dict(callback.details)) == (Kind.SDK_CALLBACK, {"name": "onCallEnded"})
    assert (failure.kind, dict(failure.details)) == (Kind.SDK_ERROR, {**error, "name": "onCallEnded"})
    assert (cdr.kind, dict(cdr.details)) == (Kind.SDK_CDR, {"remote_id": "Bob"})


def test_an_app_cannot_send_events_as_exotel() -> None:
    (event,) = events({"name": "x", "caller": "bob", "callee": "carol", "push_id": "p", "app_caller": "dave"})

    assert dict(event.details) == {
        "name": "x",
        "app_caller": "bob",
        "app_callee": "carol",
        "app_push_id": "p",
        "app_app_caller": "dave",
    }


def test_unknown_fields_are_kept_within_bounds_and_without_credentials() -> None:
    others = {f"field{number:02}{'x' * 60}": "y" * 2000 for number in range(40)}
    (event,) = events({"name": "x"} | others)
    (secret,) = events({"name": "x", "note": "Authorization: Bearer abc-def", "list": [1], "big": 10**400})

    assert len(event.details) == 1 + MOST_OTHERS
    assert all(len(name) < 50 and len(str(value)) <= 500 for name, value in event.details.items())
    assert "abc-def" not in str(secret.details)
    assert secret.details.keys() == {"name", "app_note"}


@pytest.mark.parametrize(
    ("told", "at"),
    [
        (NOW - 1, NOW - 1),
        (str(NOW - 1), NOW - 1),
        (1_699_999_999, NOW - 1000),
        (1_699_999_999.5, NOW - 500),
        ("2023-11-14T22:13:19Z", NOW - 1000),
        ("2023-11-15T03:43:19+05:30", NOW - 1000),
        ("2023-11-14 22:13:19", NOW - 1000),
        (NOW + AHEAD_MS, NOW + AHEAD_MS),
        (NOW - OLDEST_MS, NOW - OLDEST_MS),
    ],
)
def test_the_phones_time_counts_in_every_form(told: object, at: int) -> None:
    (event,) = events({"name": "x", "time": told})

    assert (event.at, event.details.get("phone_time")) == (at, None)


@pytest.mark.parametrize("told", [0, -1, NOW + AHEAD_MS + 1, NOW - OLDEST_MS - 1, "soon", "0001-01-01", True])
def test_an_impossible_time_is_kept_beside_the_arrival_time(told: object) -> None:
    (event,) = events({"name": "x", "time": told})

    assert (event.at, event.details["phone_time"]) == (NOW, told)


@pytest.mark.parametrize("told", [None, {"a": 1}, float("nan"), float("inf")])
def test_what_is_no_time_at_all_counts_as_none(told: object) -> None:
    (event,) = events({"name": "x", "time": told})

    assert (event.at, dict(event.details)) == (NOW, {"name": "x"})


@pytest.mark.parametrize(
    "told", [{"callId": 10**200}, {"callId": "\ud800"}, {"pushId": ["p1"]}, {"cdr": {"sessionId": "s" * 129}}]
)
def test_what_is_no_id_is_refused_by_its_name(told: dict[str, Any]) -> None:
    with pytest.raises(InvalidFieldError) as refused:
        events({"name": "onCallEnded"} | told)
    assert refused.value.field in (*told, "sessionId")


@pytest.mark.parametrize("told", [{}, {"time": NOW}, {"callId": "c"}, {"cdr": {}}, {"error": {}}, {"cdr": 3}])
def test_an_event_without_content_is_refused(told: dict[str, Any]) -> None:
    with pytest.raises(InvalidFieldError) as refusal:
        events(told)

    assert refusal.value.field == "name"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = ["name", "time", "callId", "pushId", "sessionId", "error", "cdr", "state", "duration", "type", "message"]


@given(st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=8), json_values, max_size=8))
def test_no_body_makes_it_crash(told: dict[str, Any]) -> None:
    try:
        body = read(EventsBody, Request({"body": json.dumps(told)}))
        found = [event for one in body.events for event in events(one.model_dump(exclude_none=True, warnings=False))]
    except SwitchboardError:
        return
    assert all(event.key and 0 <= event.at < 10**13 and event.call for event in found)
    json.dumps([dict(event.details) for event in found], allow_nan=False).encode()


@given(
    st.dictionaries(st.sampled_from(["state", "duration", "callId", "endReason"]) | st.text(max_size=8), json_values)
)
def test_no_cdr_makes_it_crash(cdr: dict[str, Any]) -> None:
    try:
        body = read(EventsBody, Request({"body": json.dumps({"name": "onCallEnded", "cdr": cdr})}))
    except SwitchboardError:
        return
    assert events(body.events[0].model_dump(exclude_none=True, warnings=False))
