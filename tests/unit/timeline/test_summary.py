"""The summary of a call's events, with repeated, late, incomplete and unauthorised ones."""

import itertools

import pytest

from switchboard.timeline.correlation import Correlation
from switchboard.timeline.event import Event, Kind
from switchboard.timeline.outcome import CallOutcome
from switchboard.timeline.summary import CallSummary, summarise
from tests.timeline_events import BEGAN, agent, call_of, dialled, event, passthru, pushed, shuffled

AT = BEGAN


def callback(name: str, at: int, subscriber: str = "bob", call: str = "sid-1") -> Event:
    return event(call, Kind.SDK_CALLBACK, at, subscriber, name=name)


def status(word: str) -> Event:
    return event("sid-1", Kind.EXOTEL_EVENT, AT + 9_000, hook="status", event="terminal", status=word)


@pytest.mark.parametrize("seed", range(5))
def test_a_thousand_events_of_a_hundred_calls_make_the_same_summaries_in_any_order(seed: int) -> None:
    calls = [call_of(number) for number in range(100)]
    told = shuffled([event for events in calls for event in events], seed)
    assert (sum(map(len, calls)), len(told)) == (1_000, 1_333)
    for number, events in enumerate(calls):
        mine = {f"sid-{number}", f"push-{number}", f"session-{number}"}
        assert summarise(event for event in told if event.call in mine) == summarise(events)


def test_an_answered_call_is_summed_up_whole() -> None:
    assert summarise(call_of(0)) == CallSummary(
        call_sid="sid-0",
        push_ids=("push-0",),
        session_ids=("session-0",),
        caller="caller0",
        callee="callee0",
        route="context",
        started_at=AT,
        rang_at=AT + 1_500,
        answered_at=AT + 5_000,
        ended_at=AT + 20_000,
        outcome=CallOutcome.ANSWERED,
        ring_seconds=3.5,
        talk_seconds=15.0,
        end_reason="completed",
        recording_url="https://recordings.example/sid-0",
        ratings={"caller0": 1},
        correlation=Correlation.MATCHED,
    )


@pytest.mark.parametrize(
    ("events", "outcome"),
    [
        ([], None),
        ([dialled("sid-1", AT)], None),
        ([passthru("sid-1", AT, "call-attempt")], None),
        ([passthru("sid-1", AT, "completed")], CallOutcome.ANSWERED),
        ([passthru("sid-1", AT, "incomplete", "no-answer")], CallOutcome.MISSED),
        ([passthru("sid-1", AT, "incomplete", "busy")], CallOutcome.REJECTED),
        ([passthru("sid-1", AT, "incomplete", "failed")], CallOutcome.FAILED),
        ([passthru("sid-1", AT, "client-hangup", "failed")], CallOutcome.MISSED),
        ([agent("sid-1", AT, "answered")], CallOutcome.ANSWERED),
        ([callback("onMissedCall", AT)], CallOutcome.MISSED),
        ([event("s", Kind.SDK_CDR, AT, "bob", state="REJECTED")], CallOutcome.REJECTED),
        ([event("s", Kind.SDK_ERROR, AT, "bob", type="CONGESTION_ERROR")], CallOutcome.FAILED),
        ([dialled("sid-1", AT, callee=None, route="no-context")], CallOutcome.FAILED),
        ([status("completed")], CallOutcome.ANSWERED),
        ([status("completed"), passthru("sid-1", AT, "incomplete", "no-answer")], CallOutcome.MISSED),
    ],
)
def test_the_outcome_is_what_the_events_tell(events: list[Event], outcome: CallOutcome | None) -> None:
    for order in itertools.permutations(events):
        assert summarise(order).outcome is outcome


def test_answered_goes_before_rejected_missed_and_failed() -> None:
    endings = [("incomplete", "failed"), ("incomplete", "no-answer"), ("incomplete", "busy"), ("completed", None)]
    events = [passthru("sid-1", AT + number, *ending) for number, ending in enumerate(endings)]
    wanted = [CallOutcome.FAILED, CallOutcome.MISSED, CallOutcome.REJECTED, CallOutcome.ANSWERED]
    for known, outcome in enumerate(wanted, start=1):
        for order in itertools.permutations(events[:known]):
            assert summarise(order).outcome is outcome


def test_a_later_event_without_a_field_does_not_blank_it() -> None:
    whole, bare = passthru("sid-1", AT, "completed", "completed", 15), passthru("sid-1", AT + 900, "completed")
    summary = summarise([whole, bare])
    assert (summary.talk_seconds, summary.recording_url) == (15.0, "https://recordings.example/sid-1")
    assert summary.answered_at == AT - 15_000  # nobody said when: it ended then and lasted so long


REPEATED = [
    passthru("sid-1", AT + 95_000, "completed", "completed", 15),  # told again, late, and with another time
    passthru("sid-1", AT + 96_000, "completed"),
    agent("sid-1", AT + 97_000, "terminal"),
    agent("sid-1", AT + 97_500, "answered"),
    agent("sid-1", AT + 98_000, "ringing"),
    event("sid-1", Kind.EXOTEL_EVENT, AT + 99_000, hook="status", event="terminal", status="completed"),
]


@pytest.mark.parametrize("late", REPEATED)
def test_a_late_or_incomplete_repetition_changes_nothing(late: Event) -> None:
    call = [event for event in call_of(0) if event.kind is not Kind.FEEDBACK]
    told = Event(late.account, "sid-0", late.kind, late.at, None, {**late.details, "recording_url": None})
    assert summarise([*call, told]) == summarise(call)


def test_the_callers_own_leg_tells_neither_when_the_callee_answered_nor_how_long_it_rang() -> None:
    own = event("sid-1", Kind.EXOTEL_EVENT, AT + 100, hook="status", event="answered", status="in-progress")
    rang = [agent("sid-1", AT + 1_000, "ringing"), agent("sid-1", AT + 5_000, "answered")]
    summary = summarise([own, *rang, passthru("sid-1", AT + 9_000, "completed")])
    assert (summary.answered_at, summary.ring_seconds, summary.talk_seconds) == (AT + 5_000, 4.0, 4.0)


def test_a_passthru_before_the_connect_applet_does_not_end_the_call() -> None:
    events = [passthru("sid-1", AT, "call-attempt"), agent("sid-1", AT + 1_000, "ringing")]
    assert summarise(events).ended_at is None
    assert summarise([*events, agent("sid-1", AT + 8_000, "terminal"), status("no-answer")]).ended_at == AT + 8_000
    assert summarise([*events, status("no-answer")]).ended_at == AT + 9_000


def test_what_ends_before_the_answer_is_not_the_answered_calls_end() -> None:
    events = [agent("sid-1", AT + 3_000, "terminal", "carol"), agent("sid-1", AT + 5_000, "answered")]
    assert summarise([*events, agent("sid-1", AT + 9_000, "terminal")]).ended_at == AT + 9_000


def test_an_apps_reports_count_for_its_own_calls_only() -> None:
    own = [dialled("sid-1", AT), pushed("push-1", AT)]
    stranger = callback("onCallEstablished", AT, "mallory")
    assert summarise([*own, stranger]).outcome is None
    assert summarise([*own, callback("onCallEstablished", AT)]).outcome is CallOutcome.ANSWERED
    assert not summarise([*own, stranger]).has_party("mallory")


def test_the_newest_rating_of_each_party_counts() -> None:
    ratings = [
        event("sid-1", Kind.FEEDBACK, AT + n, who, rating=n) for n, who in ((1, "bob"), (3, "alice"), (4, "bob"))
    ]
    assert summarise([dialled("sid-1", AT), *ratings]).ratings == {"alice": 3, "bob": 4}


@pytest.mark.parametrize("mark", ["unmatched", "ambiguous"])
def test_a_push_without_its_call_is_marked(mark: str) -> None:
    events = [
        pushed("push-1", AT),
        event("push-1", Kind.PUSH_CORRELATION, AT, "bob", push_id="push-1", correlation=mark),
    ]
    assert summarise(events[:1]).correlation is None
    assert summarise(events).correlation == mark
    assert summarise([*events, dialled("sid-1", AT)]).correlation is Correlation.MATCHED


def test_a_push_that_two_calls_fit_later_is_ambiguous_whatever_was_said_first() -> None:
    marks = [
        event("push-1", Kind.PUSH_CORRELATION, AT + 1, "bob", correlation=mark) for mark in ("ambiguous", "unmatched")
    ]
    for told in (marks, marks[::-1]):
        assert summarise([pushed("push-1", AT), *told]).correlation is Correlation.AMBIGUOUS


def test_a_number_that_is_no_duration_is_passed_over() -> None:
    events = [passthru("sid-1", AT, "completed"), event("s", Kind.SDK_CDR, AT, "bob", duration_s=float("inf"))]
    assert summarise(events).talk_seconds is None
