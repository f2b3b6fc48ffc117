"""Which events belong to one call."""

import pytest

from switchboard.timeline.event import Kind, of_app
from switchboard.timeline.summary import summarise
from tests.benches.record_call import AT, RecordingBench
from tests.timeline_events import ACCOUNT, call_of, dialled, event, pushed, shuffled


@pytest.fixture
def bench() -> RecordingBench:
    return RecordingBench()


def test_an_apps_report_links_the_ids_of_its_own_call(bench: RecordingBench) -> None:
    bench.record(dialled("sid-1", AT), event("sid-1", Kind.SDK_CDR, AT, "bob", session_id="session-1", state="x"))
    assert bench.call("session-1").call_sid == "sid-1"


def test_an_apps_report_links_no_call_of_others(bench: RecordingBench) -> None:
    bench.record(dialled("sid-1", AT), dialled("sid-2", AT, "mallory", "carol"))
    bench.record(event("sid-1", Kind.SDK_CDR, AT, "mallory", session_id="session-1"))
    bench.record(event("session-2", Kind.SDK_CDR, AT, "mallory", push_id="sid-1"))
    bench.record(event("sid-2", Kind.SDK_CDR, AT, "mallory", session_id="sid-1"))
    assert bench.call("sid-2").callee == "carol"
    assert [event.call for event in bench.timelines.read(ACCOUNT, "session-2")] == ["session-2"]


def test_an_app_that_repeats_its_ids_costs_no_more_reading(bench: RecordingBench) -> None:
    def reads(events: int) -> int:
        ids = {"push_id": f"push-{events}", "session_id": f"session-{events}"}
        bench.timelines.reads = 0
        bench.record(*(event(f"sid-{events}", Kind.SDK_CALLBACK, AT + n, "bob", **ids) for n in range(events)))
        return bench.timelines.reads

    assert reads(20) == reads(1) > 0


def test_ids_that_are_linked_already_are_not_read_again(bench: RecordingBench) -> None:
    bench.record(dialled("sid-1", AT), pushed("push-1", AT))
    bench.timelines.reads = 0
    bench.record(event("sid-1", Kind.SDK_CALLBACK, AT, "bob", push_id="push-1"))
    assert bench.timelines.reads == 1
    assert bench.call("push-1").call_sid == "sid-1"


def test_a_report_without_a_call_links_nothing(bench: RecordingBench) -> None:
    bench.record(event(of_app("bob"), Kind.SDK_ERROR, AT, "bob", session_id="session-1"))
    assert bench.timelines.calls_of(ACCOUNT, "bob", 10).calls == []
    assert bench.timelines.read(ACCOUNT, "session-1") == []


def test_a_thousand_events_in_random_order_are_recorded_as_the_same_calls(bench: RecordingBench) -> None:
    calls = {f"sid-{number}": call_of(number) for number in range(100)}
    told = shuffled([event for events in calls.values() for event in events], seed=7)
    batches = [told[start : start + 10] for start in range(0, len(told), 10)]
    back = [batch for batch in batches if bench.record(*batch) is not None]
    bench.clock.now += 25
    assert back
    assert [bench.record(*batch) for batch in back] == [None] * len(back)
    assert {call: bench.call(call) for call in calls} == {call: summarise(events) for call, events in calls.items()}
