"""Which events are of one call."""

import pytest

from switchboard.timeline.event import Kind, of_app
from switchboard.timeline.summary import summarise
from tests.benches.record_call import AT, Office
from tests.timeline_events import ACCOUNT, call_of, dialled, event, pushed, shuffled


@pytest.fixture
def office() -> Office:
    return Office()


def test_an_apps_word_links_its_own_calls_ids(office: Office) -> None:
    office.record(dialled("sid-1", AT), event("sid-1", Kind.SDK_CDR, AT, "bob", session_id="session-1", state="x"))
    assert office.call("session-1").call_sid == "sid-1"


def test_an_apps_word_links_no_call_of_others(office: Office) -> None:
    office.record(dialled("sid-1", AT), dialled("sid-2", AT, "mallory", "carol"))
    office.record(event("sid-1", Kind.SDK_CDR, AT, "mallory", session_id="session-1"))
    office.record(event("session-2", Kind.SDK_CDR, AT, "mallory", push_id="sid-1"))
    office.record(event("sid-2", Kind.SDK_CDR, AT, "mallory", session_id="sid-1"))
    assert office.call("sid-2").callee == "carol"
    assert [event.call for event in office.timelines.read(ACCOUNT, "session-2")] == ["session-2"]


def test_an_app_that_repeats_its_ids_costs_no_more_reading(office: Office) -> None:
    def reads(events: int) -> int:
        ids = {"push_id": f"push-{events}", "session_id": f"session-{events}"}
        office.timelines.reads = 0
        office.record(*(event(f"sid-{events}", Kind.SDK_CALLBACK, AT + n, "bob", **ids) for n in range(events)))
        return office.timelines.reads

    assert reads(20) == reads(1) > 0


def test_an_apps_word_on_ids_that_are_one_call_already_is_not_looked_into(office: Office) -> None:
    office.record(dialled("sid-1", AT), pushed("push-1", AT))
    office.timelines.reads = 0
    office.record(event("sid-1", Kind.SDK_CALLBACK, AT, "bob", push_id="push-1"))
    assert office.timelines.reads == 1
    assert office.call("push-1").call_sid == "sid-1"


def test_what_an_app_tells_of_no_call_links_nothing_and_is_nobodys_call(office: Office) -> None:
    office.record(event(of_app("bob"), Kind.SDK_ERROR, AT, "bob", session_id="session-1"))
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
    assert {call: office.call(call) for call in calls} == {call: summarise(events) for call, events in calls.items()}
