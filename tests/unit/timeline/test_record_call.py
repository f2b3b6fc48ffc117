"""Which events belong to one call, whoever tells of it."""

import pytest

from switchboard.timeline.event import Kind, of_app
from switchboard.timeline.outcome import CallOutcome
from switchboard.timeline.rows import row_of
from switchboard.timeline.summary import summarise
from tests.benches.record_call import AT, RecordingBench, joined
from tests.timeline_events import ACCOUNT, call_of, dialled, event, messages_of, passthru, shuffled


@pytest.fixture
def bench() -> RecordingBench:
    return RecordingBench()


def test_an_apps_report_joins_the_ids_of_its_own_call(bench: RecordingBench) -> None:
    bench.record(dialled("sid-1", AT), event("sid-1", Kind.SDK_CDR, AT, "bob", session_id="session-1", state="x"))
    assert bench.call("session-1").call_sid == "sid-1"


def test_an_apps_report_joins_no_call_of_others(bench: RecordingBench) -> None:
    bench.record(dialled("sid-1", AT), dialled("sid-2", AT, "mallory", "carol"))
    before = [bench.timelines.calls_of(ACCOUNT, name, 9) for name in ("alice", "bob")]
    bench.record(event("sid-1", Kind.SDK_CDR, AT, "mallory", session_id="session-1"))
    bench.record(event("session-2", Kind.SDK_CDR, AT, "mallory", push_id="sid-1"))
    bench.record(event("sid-2", Kind.SDK_CDR, AT, "mallory", session_id="sid-1"))
    assert bench.call("sid-2").callee == "carol"
    assert [event.call for event in bench.timelines.read(ACCOUNT, "session-2")] == ["session-2"]
    assert [event.call for event in bench.timelines.read(ACCOUNT, "sid-1")] == ["sid-1"]
    assert [bench.timelines.calls_of(ACCOUNT, name, 9) for name in ("alice", "bob")] == before


def test_a_report_without_a_call_joins_nothing(bench: RecordingBench) -> None:
    bench.record(event(of_app("bob"), Kind.SDK_ERROR, AT, "bob", session_id="session-1"))
    assert bench.timelines.calls_of(ACCOUNT, "bob", 10).calls == []
    assert bench.timelines.read(ACCOUNT, "session-1") == []


def test_an_app_does_not_outvote_exotel(bench: RecordingBench) -> None:
    bench.record(dialled("sid-1", AT), passthru("sid-1", AT + 9_000, "incomplete", "no-answer"))
    bench.record(event("sid-1", Kind.SDK_CALLBACK, AT, "bob", name="onCallEstablished"))
    assert bench.call("sid-1").outcome is CallOutcome.MISSED


def test_an_app_adds_no_push_to_those_that_the_platform_names(bench: RecordingBench) -> None:
    bench.recorder.answer("sid-1", AT)
    bench.record(event("push-1", Kind.PUSH_ACCEPTED, AT, "bob", caller="alice", push_id="push-1"))
    bench.record(event("sid-1", Kind.SDK_CALLBACK, AT, "bob", push_id="push-2", name="onCallRinging"))
    assert bench.call("sid-1").push_ids == ("push-1",)


def test_a_thousand_events_in_random_order_are_recorded_as_the_same_calls(bench: RecordingBench) -> None:
    calls = {f"sid-{number}": call_of(number) for number in range(100)}
    for number in range(100):
        bench.recorder.answer(f"sid-{number}", AT + number * 10, f"caller{number}", f"callee{number}")
    every = [event for events in calls.values() for event in events]
    for message in messages_of(shuffled(every, seed=7), every, 10):
        bench.record(*message)
    timelines = {call: [event.key for event in bench.timelines.read(ACCOUNT, call)] for call in calls}
    in_order = {call: sorted(events, key=lambda event: (event.at, event.key)) for call, events in calls.items()}
    assert timelines == {call: [joined(event, call).key for event in events] for call, events in in_order.items()}
    assert {call: bench.call(call) for call in calls} == {call: summarise(events) for call, events in calls.items()}
    for number, events in enumerate(calls.values()):
        for party in (f"caller{number}", f"callee{number}"):
            rows = bench.timelines.calls_of(ACCOUNT, party, 9).calls
            assert rows == [row_of(f"sid-{number}", party, summarise(events))]
