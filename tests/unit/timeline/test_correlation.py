"""Correlation: which call a push belongs to, in any order of events."""

import itertools
from dataclasses import replace

import pytest

from switchboard.timeline.event import Event, Kind
from switchboard.timeline.record_call import AGAIN_SECONDS
from switchboard.timeline.summary import Correlation
from tests.benches.record_call import AT, RecordingBench
from tests.timeline_events import dialled, event, pushed

FIRST, SECOND = dialled("sid-1", AT), dialled("sid-2", AT + 9_000)  # the caller dialled again while it rang
PUSHES = [pushed("push-1", AT + 500), pushed("push-2", AT + 9_500)]


@pytest.fixture
def bench() -> RecordingBench:
    return RecordingBench()


def test_a_push_joins_the_call_that_dial_whom_answered_with_its_callee(bench: RecordingBench) -> None:
    assert bench.record(dialled("sid-1", AT - 500)) is None
    assert bench.record(pushed("push-1", AT)) is None
    assert bench.call("push-1").call_sid == "sid-1"
    assert bench.record(pushed("push-1", AT)) is None


def test_a_push_that_comes_first_waits_for_its_call_as_long_as_it_rings(bench: RecordingBench) -> None:
    assert bench.record(pushed("push-1", AT)) == AGAIN_SECONDS
    bench.clock.now += 41
    assert bench.record(pushed("push-1", AT)) is None
    assert bench.call("push-1").correlation is Correlation.UNMATCHED


@pytest.mark.parametrize(
    "other", [dialled("sid-1", AT, callee="carol"), dialled("sid-1", AT, "dave"), dialled("sid-1", AT - 30_001)]
)
def test_a_push_joins_neither_an_old_call_nor_one_of_other_parties(bench: RecordingBench, other: Event) -> None:
    bench.record(other)
    assert bench.record(pushed("push-1", AT)) == AGAIN_SECONDS


def test_a_push_whose_payload_names_no_caller_is_unmatched_at_once(bench: RecordingBench) -> None:
    assert bench.record(event("push-1", Kind.PUSH_ACCEPTED, AT, "bob", push_id="push-1")) is None
    assert bench.call("push-1").correlation is Correlation.UNMATCHED


def test_a_push_that_gave_up_joins_its_call_once_dial_whoms_answer_is_known(bench: RecordingBench) -> None:
    bench.clock.now += 41
    bench.record(pushed("push-1", AT))
    assert bench.record(dialled("sid-1", AT - 500)) is None
    assert (bench.call("sid-1").push_ids, bench.call("push-1").correlation) == (("push-1",), Correlation.MATCHED)


ORDERS = list(itertools.permutations([FIRST, SECOND, *PUSHES]))


@pytest.mark.parametrize("order", ORDERS)
def test_a_caller_who_dials_again_has_each_push_with_its_own_call(
    bench: RecordingBench, order: tuple[Event, ...]
) -> None:
    bench.clock.now += 10
    waiting = [event for event in order if bench.record(event) is not None]
    bench.clock.now += AGAIN_SECONDS
    waiting = [event for event in waiting if bench.record(event) is not None]
    bench.clock.now += 40
    assert [bench.record(event) for event in waiting] == [None] * len(waiting)
    assert [bench.call(call).push_ids for call in ("sid-1", "sid-2")] == [("push-1",), ("push-2",)]


@pytest.mark.parametrize("order", ORDERS)
def test_events_that_were_held_up_join_no_push_to_the_other_call(
    bench: RecordingBench, order: tuple[Event, ...]
) -> None:
    bench.clock.now += 60
    assert [bench.record(event) for event in order] == [None] * 4
    for call, push in (("sid-1", "push-1"), ("sid-2", "push-2")):
        assert bench.call(call).push_ids in ((push,), ())
        assert bench.call(push).correlation is not None


def test_a_push_that_fits_two_calls_joins_none_and_is_marked(bench: RecordingBench) -> None:
    bench.record(dialled("sid-1", AT - 9_000), dialled("sid-2", AT - 500))
    assert bench.record(pushed("push-1", AT)) == AGAIN_SECONDS  # the first call's own push may be on its way
    bench.clock.now += 41
    assert bench.record(pushed("push-1", AT)) is None
    assert bench.call("push-1").correlation is Correlation.AMBIGUOUS
    assert bench.call("sid-2").push_ids == ()


def test_a_push_long_after_dial_whom_waits_for_a_nearer_one(bench: RecordingBench) -> None:
    bench.record(dialled("sid-1", AT - 9_000))
    assert bench.record(pushed("push-1", AT)) == AGAIN_SECONDS
    bench.clock.now += 10
    assert bench.record(pushed("push-1", AT)) is None
    assert bench.call("push-1").call_sid == "sid-1"


def test_the_wait_for_a_late_context_does_not_make_dial_whoms_answer_an_old_one(bench: RecordingBench) -> None:
    asked = dialled("sid-1", AT - 6_000)
    bench.record(replace(asked, details={**asked.details, "waited_ms": 3_000}), pushed("push-1", AT))
    assert bench.call("push-1").call_sid == "sid-1"


def test_the_same_push_sent_again_is_of_the_same_call_though_another_one_waits_for_its_push(
    bench: RecordingBench,
) -> None:
    bench.record(FIRST, pushed("push-1", AT + 500, key="same"))
    bench.record(dialled("sid-2", AT + 4_000))
    bench.record(pushed("push-3", AT + 4_500, key="same"))
    assert bench.call("sid-1").push_ids == ("push-1", "push-3")
    assert bench.call("sid-2").push_ids == ()


@pytest.mark.parametrize(("later", "joined"), [(2_000, True), (9_000, False)])
def test_another_push_for_a_call_that_has_one_joins_it_in_the_end_if_it_is_near(
    bench: RecordingBench, later: int, joined: bool
) -> None:
    bench.record(FIRST, PUSHES[0])
    assert bench.record(pushed("push-3", AT + later)) == AGAIN_SECONDS
    bench.clock.now += 60
    assert bench.record(pushed("push-3", AT + later)) is None
    assert ("push-3" in bench.call("sid-1").push_ids) is joined


def test_a_push_that_names_no_caller_joins_nothing_when_dial_whom_answers(bench: RecordingBench) -> None:
    bench.record(event("push-1", Kind.PUSH_ACCEPTED, AT, "bob", push_id="push-1"))
    bench.record(dialled("sid-1", AT - 500), dialled("sid-2", AT - 400, callee=None))
    assert bench.call("push-1").call_sid is None
