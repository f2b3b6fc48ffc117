"""Feedback: who may give it, which rating counts, and how the SDK's figures are stored."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchboard.foundation.errors import ForbiddenError, NotFoundError
from switchboard.reports.feedback import Feedback, Issue, figures
from switchboard.reports.ingest_reports import GiveFeedback
from switchboard.timeline.event import Event, Kind
from switchboard.timeline.summary import summarise
from tests.benches.record_call import on_fakes
from tests.fakes.clock import FakeClock

NOW = 1_700_000_000.0
GOOD, BAD = Feedback(5, Issue.NO_ISSUE), Feedback(2, Issue.CHOPPY_AUDIO, "cut out twice", {"rttMs": 180})


class Giving:
    def __init__(self) -> None:
        self.recorder, self.clock = on_fakes(), FakeClock(NOW)
        self.timelines = self.recorder.timelines
        self.give = GiveFeedback(self.timelines, self, self.clock)
        parties = {"caller": "alice", "callee": "bob"}
        self.recorder.add([Event("demo1m", "call1", Kind.DIAL_WHOM, int(NOW * 1000) - 60_000, None, parties)])

    def put(self, events: Sequence[Event]) -> None:
        self.recorder.add(events)

    def ratings(self) -> dict[str, int]:
        return dict(summarise(self.timelines.read("demo1m", "call1")).ratings)

    def events(self) -> list[Event]:
        return [event for event in self.timelines.read("demo1m", "call1") if event.kind is Kind.FEEDBACK]


def test_each_party_has_a_rating_of_its_own() -> None:
    giving = Giving()
    giving.give("demo1m", "alice", "call1", GOOD)
    giving.give("demo1m", "bob", "call1", BAD)

    assert giving.ratings() == {"alice": 5, "bob": 2}


def test_the_same_again_is_the_same_answer_and_writes_nothing() -> None:
    giving = Giving()
    first = giving.give("demo1m", "alice", "call1", BAD)
    giving.clock.now += 5

    assert giving.give("demo1m", "alice", "call1", BAD) == first
    assert giving.events() == [first]


def test_a_change_replaces_also_back_again_and_within_a_millisecond() -> None:
    giving = Giving()
    for feedback in (GOOD, BAD, GOOD):
        giving.give("demo1m", "alice", "call1", feedback)

    assert giving.ratings() == {"alice": 5}
    assert len(giving.events()) == 3


@pytest.mark.parametrize("other", ["push-1", "session-1"])
def test_any_id_of_the_call_will_do(other: str) -> None:
    giving = Giving()
    giving.recorder.put("call1", [Event("demo1m", "push-1", Kind.PUSH_ACCEPTED, 1, "bob", {"caller": "alice"})])
    giving.put([Event("demo1m", "push-1", Kind.SDK_CALLBACK, 1, "bob", {"name": "x", "session_id": "session-1"})])

    giving.give("demo1m", "bob", other, BAD)

    assert giving.ratings() == {"bob": 2}
    assert giving.give("demo1m", "bob", "call1", BAD).call == other


@pytest.mark.parametrize("name", ["carol", "Alice", "ALICE"])
def test_others_than_the_parties_are_refused(name: str) -> None:
    with pytest.raises(ForbiddenError):
        Giving().give("demo1m", name, "call1", GOOD)


def test_an_apps_report_makes_nobody_a_party() -> None:
    giving = Giving()
    told = {"name": "onCallEnded", "caller": "carol"}
    giving.put([Event("demo1m", "call1", Kind.SDK_CALLBACK, 1, "carol", told)])

    with pytest.raises(ForbiddenError):
        giving.give("demo1m", "carol", "call1", GOOD)


@pytest.mark.parametrize(("account", "call"), [("demo1m", "call2"), ("other1m", "call1")])
def test_an_unknown_call_is_not_found(account: str, call: str) -> None:
    with pytest.raises(NotFoundError) as refusal:
        Giving().give(account, "alice", call, GOOD)

    assert (refusal.value.code, refusal.value.field) == ("unknown_call", "callId")


def test_a_call_that_only_an_app_reported_is_not_known() -> None:
    giving = Giving()
    giving.put([Event("demo1m", "mine", Kind.SDK_CALLBACK, 1, "alice", {"name": "onCallEnded"})])

    with pytest.raises(NotFoundError):
        giving.give("demo1m", "alice", "mine", GOOD)


ANDROID = {"audioCodec": "opus", "fractionLost": 2, "averageJitterMs": 12, "rttMs": 180, "MOS": 3.9}
IOS = {"codecName": "opus", "fraction_lost": "2", "getAverageJitterMs": 12, "RttMs": 180.0, "mos": "3.9"}


@pytest.mark.parametrize("statistics", [ANDROID, IOS])
def test_the_figures_of_every_sdk_bear_our_names(statistics: dict[str, object]) -> None:
    expected = {"codec": "opus", "packet_loss": 2, "jitter_ms": 12, "round_trip_ms": 180, "mos": 3.9}
    assert figures(statistics) == expected


def test_other_figures_are_kept_by_their_own_names() -> None:
    assert figures({"maxJitterMs": 40, "discardedPackets": "7", "jitter": 9, "averageJitterMs": 5, "??": 1}) == {
        "jitter_ms": 5,
        "stat_maxjitterms": 40,
        "stat_discardedpackets": "7",
    }


def test_what_is_no_figure_is_left_out() -> None:
    statistics = {"rttMs": "fast", "mos": float("nan"), "x": [1], "y": 10**400, "audioCodec": None}
    assert Feedback(3, Issue.ECHO, statistics=statistics).details == {"rating": 3, "issue": "ECHO"}


@given(st.dictionaries(st.text(max_size=60), st.none() | st.integers() | st.floats() | st.text() | st.booleans()))
def test_no_statistics_make_it_crash(statistics: dict[str, object]) -> None:
    Feedback(1, Issue.ECHO, "\ud800", statistics).details["comment"].__class__  # noqa: B018


def test_the_next_user_of_a_name_cannot_rate_the_calls_of_the_one_before() -> None:
    giving = Giving()
    began = int(NOW * 1000) - 60_000
    with pytest.raises(ForbiddenError):
        giving.give("demo1m", "bob", "call1", GOOD, began + 1)
    giving.give("demo1m", "bob", "call1", GOOD, began)
    assert giving.ratings() == {"bob": 5}
