"""Which facts are of one call, and what is told of a missed one."""

from dataclasses import dataclass, field

import pytest

from switchboard.domain.call_outcome import CallOutcome
from switchboard.domain.call_summary import CallSummary, Join, summarise
from switchboard.domain.missed_call import MissedCall
from switchboard.domain.timeline import Event, Kind, of_app
from switchboard.usecases.record_call import AGAIN_SECONDS, RecordCall
from switchboard.usecases.tell_missed_call import SETTLE_SECONDS, TellMissedCall
from tests.fakes.clock import FakeClock
from tests.fakes.timelines import FakeTimelines
from tests.timeline_facts import ACCOUNT, BEGAN, agent, call_of, dialled, fact, passthru, pushed, shuffled

AT = BEGAN


@dataclass
class Office:
    """The use case; the clock stands 300 ms after the calls began."""

    timelines: FakeTimelines = field(default_factory=FakeTimelines)
    clock: FakeClock = field(default_factory=lambda: FakeClock(AT / 1000 + 0.3))
    told: list[MissedCall] = field(default_factory=list)

    def tell(self, missed: MissedCall) -> None:
        self.told.append(missed)

    def record(self, *events: Event) -> int | None:
        missed_calls = TellMissedCall(self.timelines, self, self.clock)
        return RecordCall(self.timelines, self.clock, 30_000, missed_calls)(events)

    def call(self, one: str) -> CallSummary:
        return summarise(self.timelines.read(ACCOUNT, one))


@pytest.fixture
def office() -> Office:
    return Office()


def test_a_push_joins_the_call_that_dial_whom_answered_with_its_callee(office: Office) -> None:
    assert office.record(dialled("sid-1", AT - 500)) is None
    assert office.record(pushed("push-1", AT)) is None
    assert office.call("push-1").call_sid == "sid-1"
    assert office.record(pushed("push-1", AT)) is None


def test_a_push_that_comes_first_waits_for_its_call_as_long_as_it_rings(office: Office) -> None:
    assert office.record(pushed("push-1", AT)) == AGAIN_SECONDS
    office.clock.now += 41
    assert office.record(pushed("push-1", AT)) is None
    assert office.call("push-1").join is Join.UNMATCHED


@pytest.mark.parametrize(
    "other", [dialled("sid-1", AT, callee="carol"), dialled("sid-1", AT, "dave"), dialled("sid-1", AT - 30_001)]
)
def test_another_pairs_call_or_an_old_one_is_not_the_pushs(office: Office, other: Event) -> None:
    office.record(other)
    assert office.record(pushed("push-1", AT)) == AGAIN_SECONDS


def test_two_calls_of_the_pair_within_the_ring_time_leave_the_push_alone_and_marked(office: Office) -> None:
    office.record(dialled("sid-1", AT - 9_000), dialled("sid-2", AT - 500), pushed("push-1", AT))
    assert office.call("push-1").join is Join.AMBIGUOUS
    assert office.call("sid-2").push_ids == ()


def test_a_push_whose_payload_names_no_caller_is_unmatched_in_the_end(office: Office) -> None:
    office.clock.now += 41
    office.record(fact("push-1", Kind.PUSH_ACCEPTED, AT, "bob", push_id="push-1"))
    assert office.call("push-1").join is Join.UNMATCHED


def test_an_apps_word_links_its_own_calls_ids(office: Office) -> None:
    office.record(dialled("sid-1", AT), fact("sid-1", Kind.SDK_CDR, AT, "bob", session_id="session-1", state="x"))
    assert office.call("session-1").call_sid == "sid-1"


def test_an_apps_word_links_no_call_of_others(office: Office) -> None:
    office.record(dialled("sid-1", AT), dialled("sid-2", AT, "mallory", "carol"))
    office.record(fact("sid-1", Kind.SDK_CDR, AT, "mallory", session_id="session-1"))
    office.record(fact("session-2", Kind.SDK_CDR, AT, "mallory", push_id="sid-1"))
    office.record(fact("sid-2", Kind.SDK_CDR, AT, "mallory", session_id="sid-1"))
    assert office.call("sid-2").callee == "carol"
    assert [fact.call for fact in office.timelines.read(ACCOUNT, "session-2")] == ["session-2"]


def test_what_an_app_tells_of_no_call_links_nothing_and_is_nobodys_call(office: Office) -> None:
    office.record(fact(of_app("bob"), Kind.SDK_ERROR, AT, "bob", session_id="session-1"))
    assert office.timelines.calls_of(ACCOUNT, "bob", 10).calls == []
    assert office.timelines.read(ACCOUNT, "session-1") == []


def test_a_thousand_events_in_random_order_are_recorded_as_the_same_calls(office: Office) -> None:
    calls = {f"sid-{number}": call_of(number) for number in range(100)}
    told = shuffled([event for events in calls.values() for event in events], seed=7)
    batches = [told[start : start + 10] for start in range(0, len(told), 10)]
    back = [batch for batch in batches if office.record(*batch) is not None]
    office.clock.now += 25
    assert back
    assert [office.record(*batch) for batch in back] == [None] * len(back)
    assert {call: office.call(call) for call in calls} == {call: summarise(facts) for call, facts in calls.items()}


MISSED = passthru("sid-1", AT, "incomplete", "no-answer")


def test_a_missed_call_is_told_once_it_has_settled_and_only_once(office: Office) -> None:
    assert office.record(dialled("sid-1", AT - 9_000), MISSED) == SETTLE_SECONDS
    office.clock.now += SETTLE_SECONDS
    office.record(MISSED)
    office.record(MISSED)
    (told,) = office.told
    assert (told.subscriber_name, told.caller, told.call_sid, told.at) == ("bob", "alice", "sid-1", AT - 9_000)
    assert told.data() == {"type": "missedCall", "caller": "alice", "callSid": "sid-1", "at": str(AT - 9_000)}


@pytest.mark.parametrize(
    "late",
    [agent("sid-1", AT - 900, "answered"), passthru("sid-1", AT - 1, "completed"), agent("sid-1", AT, "answered")],
)
def test_a_call_that_was_answered_after_all_is_never_told(office: Office, late: Event) -> None:
    office.record(dialled("sid-1", AT - 9_000), MISSED)
    office.record(late)
    office.clock.now += SETTLE_SECONDS
    office.record(MISSED)
    assert office.told == []
    assert office.call("sid-1").outcome is CallOutcome.ANSWERED


@pytest.mark.parametrize("event", [agent("sid-1", AT, "terminal"), passthru("sid-1", AT, "incomplete", "busy")])
def test_what_does_not_end_a_call_as_missed_tells_nothing(office: Office, event: Event) -> None:
    office.clock.now += 60
    assert office.record(dialled("sid-1", AT - 9_000), event) is None
    assert office.told == []


def test_a_missed_call_that_is_old_or_whose_parties_nobody_knows_is_not_told(office: Office) -> None:
    office.clock.now += SETTLE_SECONDS
    office.record(MISSED)
    office.clock.now += 3600
    office.record(dialled("sid-1", AT - 9_000), MISSED)
    assert office.told == []
