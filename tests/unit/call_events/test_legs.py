"""Legs are the destinations that Exotel tried in turn; the talk time is that of the answered one."""

import itertools
import json
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from switchboard.call_events.events import event_of
from switchboard.timeline.event import Event
from switchboard.timeline.outcome import CallOutcome
from switchboard.timeline.summary import summarise
from switchboard.web.form_body import fields_in
from tests.timeline_events import ACCOUNT, BEGAN, agent

SID = "sid-1"
ENDED = BEGAN + 60_000
COMPLETED = {"CallSid": SID, "CallType": "completed", "DialCallStatus": "completed"}


def passthru(legs: list[dict[str, Any]], at: int = ENDED, **fields: str) -> Event:
    return event_of(ACCOUNT, COMPLETED | fields | flat(legs), at)


def flat(legs: list[dict[str, Any]]) -> dict[str, str]:
    """Return the legs as a form or a query names them."""
    return {f"Legs[{number}][{name}]": str(value) for number, leg in enumerate(legs) for name, value in leg.items()}


def tried(*seconds: object) -> list[dict[str, Any]]:
    return [{"OnCallDuration": each} for each in seconds]


@pytest.mark.parametrize("legs", [tried(50, 0), tried(0, 50)], ids=["first", "second"])
def test_the_talk_is_the_answered_legs_and_the_ring_time_follows(legs: list[dict[str, Any]]) -> None:
    events = [agent(SID, BEGAN + 4_000, "ringing"), passthru(legs)]
    for order in itertools.permutations(events):
        summary = summarise(order)
        assert (summary.outcome, summary.talk_seconds) == (CallOutcome.ANSWERED, 50)
        assert (summary.answered_at, summary.ring_seconds) == (BEGAN + 10_000, 6.0)


@pytest.mark.parametrize(
    ("legs", "talk"),
    [
        (tried(50), 50),
        (tried(0, 0, 50), 50),
        (tried(*[0] * 11, 50), 50),
        (tried(*[0] * 60, 50), 50),
        (tried("50", ""), 50),
        (tried("", "soon", None, "-1", "50"), 50),
        (tried("50.0", 0), 50),
        (tried(" 50 ", "1e3", "5.", ".5", "0x10"), 50),
        (tried("9" * 30, 50), 50),
        (tried(0, 0), 0),
        ([{"Status": "busy"}, {"OnCallDuration": 50, "Status": "completed"}], 50),
        ([{"OnCallDuration": 0, "Status": "no-answer"}, {}, {"OnCallDuration": 50}], 50),
        ([{"Status": "completed"}], None),
        ([], None),
    ],
    ids=str,
)
def test_any_number_of_legs_of_which_some_say_nothing(legs: list[dict[str, Any]], talk: int | None) -> None:
    assert passthru(legs).details.get("duration_s") == talk


LEGS = [{"OnCallDuration": 0, "Status": "no-answer"}, {"OnCallDuration": 50, "Status": "completed"}]
NESTED: dict[str, Any] = {
    "a list": LEGS,
    "by number": {"0": LEGS[0], "1": LEGS[1]},
    "from one": {"1": LEGS[0], "2": LEGS[1]},
    "with nulls": [None, {"OnCallDuration": None}, LEGS[1]],
}


@pytest.mark.parametrize("legs", NESTED.values(), ids=NESTED)
@pytest.mark.parametrize("kind", ["json", "json as text", "query"])
def test_any_way_to_write_legs_tells_the_same_talk(kind: str, legs: Any) -> None:
    numbered = dict(enumerate(legs)) if isinstance(legs, list) else legs
    flattened = {f"Legs[{n}][{k}]": v for n, leg in numbered.items() if leg for k, v in leg.items()}
    bodies: dict[str, Any] = {
        "json": fields_in(json.dumps(COMPLETED | {"Legs": legs}).encode(), ""),
        "json as text": fields_in(urlencode(COMPLETED | {"Legs": json.dumps(legs)}).encode(), ""),
        "query": dict(parse_qsl(urlencode(COMPLETED | flattened), keep_blank_values=True)),
    }
    assert event_of(ACCOUNT, bodies[kind], ENDED).details["duration_s"] == 50


def test_each_legs_figures_are_kept_under_its_number() -> None:
    details = passthru([*[{"Status": "Busy"}] * 11, LEGS[1]]).details
    assert (details["leg11_duration_s"], details["leg11_status"], details["leg0_status"]) == (50, "completed", "busy")
    assert (
        passthru([], ENDED, **{"Legs[007][OnCallDuration]": "1", "Legs[100][Status]": "busy"})
        .details.keys()
        .isdisjoint({"leg7_duration_s", "leg100_status"})
    )


def test_an_incomplete_repetition_removes_no_field_in_any_order() -> None:
    events = [
        agent(SID, BEGAN + 4_000, "ringing"),
        passthru(tried(0), at=ENDED - 20_000, CallType="call-attempt"),
        passthru(tried(50, 0), RecordingUrl="https://recordings.example/1"),
        passthru(tried(0), at=ENDED + 1_000),
        passthru([{"Status": "busy"}], at=ENDED + 2_000),
        passthru([], at=ENDED + 3_000, DialCallStatus=""),
    ]
    summaries = [summarise([*order, order[0]]) for order in itertools.permutations(events)]
    assert all(summary == summaries[0] for summary in summaries)
    assert (summaries[0].talk_seconds, summaries[0].ring_seconds) == (50, 6.0)
    assert summaries[0].recording_url == "https://recordings.example/1"


@pytest.mark.parametrize(("legs", "talk"), [((41, 32), 32), ((50, 0), 50), ((0, 50), 50), ((0, 0), 0), ((), None)])
def test_a_status_callbacks_legs_hold_the_callers_own_which_lasts_longer(
    legs: tuple[int, ...], talk: int | None
) -> None:
    told = {"CallSid": SID, "Status": "completed", "EventType": "terminal", "Legs": tried(*legs)}
    assert event_of(ACCOUNT, told, ENDED).details.get("duration_s") == talk
    assert event_of(ACCOUNT, told | {"ConversationDuration": 7}, ENDED).details["duration_s"] == 7
