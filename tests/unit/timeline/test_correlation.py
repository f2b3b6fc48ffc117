"""Correlation: which call a push belongs to, in any order of events."""

import itertools
from collections.abc import Callable

import pytest

from switchboard.timeline.correlation import Correlation
from switchboard.timeline.event import Event, Kind
from tests.benches.record_call import AT, Recorder, on_fakes
from tests.timeline_events import ACCOUNT, dialled, event, pushed

PUSHES = [pushed("push-1", AT + 500), pushed("push-2", AT + 9_500)]


@pytest.fixture
def bench() -> Recorder:
    return on_fakes()


def test_a_push_joins_the_call_that_dial_whom_answered_with_its_callee(bench: Recorder) -> None:
    bench.answer("sid-1", AT - 500)
    bench.add([pushed("push-1", AT)])
    assert (bench.call("push-1").call_sid, bench.call("push-1").correlation) == ("sid-1", Correlation.MATCHED)
    assert bench.call("sid-1").push_ids == ("push-1",)


def test_a_custom_field_answers_too(bench: Recorder) -> None:
    from switchboard.calls.context import Asked

    bench.contexts.note(ACCOUNT, "alice", "sid-1", Asked(AT - 500, 0, "custom-field"), callee="bob", expires_at=1)
    bench.add([pushed("push-1", AT)])
    assert bench.call("push-1").call_sid == "sid-1"


@pytest.mark.parametrize(
    ("caller", "callee", "at"),
    [("alice", "carol", AT), ("dave", "bob", AT), ("alice", "bob", AT - 30_001), ("alice", "bob", AT + 2_001)],
)
def test_a_push_joins_neither_another_time_nor_other_parties(
    bench: Recorder, caller: str, callee: str, at: int
) -> None:
    bench.answer("sid-1", at, caller, callee)
    bench.add([pushed("push-1", AT)])
    assert bench.call("push-1").correlation is Correlation.UNMATCHED


def test_a_push_whose_payload_names_no_caller_is_unmatched(bench: Recorder) -> None:
    bench.answer("sid-1", AT)
    bench.add([event("push-1", Kind.PUSH_ACCEPTED, AT, "bob", push_id="push-1")])
    assert bench.call("push-1").correlation is Correlation.UNMATCHED


STEPS: dict[str, Callable[[Recorder], None]] = {
    "answer-1": lambda bench: bench.answer("sid-1", AT),
    "answer-2": lambda bench: bench.answer("sid-2", AT + 9_000),
    "push-1": lambda bench: bench.add(PUSHES[:1]),
    "push-2": lambda bench: bench.add(PUSHES[1:]),
}
ORDERS = [
    order
    for order in itertools.permutations(STEPS)
    if order.index("answer-1") < order.index("answer-2")  # Dial Whom is asked in order, and before the call's push
    and all(order.index(f"answer-{number}") < order.index(f"push-{number}") for number in (1, 2))
]


@pytest.mark.parametrize("order", ORDERS)
def test_a_caller_who_dials_again_has_each_push_with_its_own_call(bench: Recorder, order: tuple[str, ...]) -> None:
    for step in order:
        STEPS[step](bench)
    assert [bench.call(call).push_ids for call in ("sid-1", "sid-2")] == [("push-1",), ("push-2",)]


TOLD = [[dialled("sid-1", AT)], [dialled("sid-2", AT + 9_000)], *([push] for push in PUSHES)]


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_it_does_not_matter_in_which_order_a_redial_is_told(bench: Recorder, order: tuple[int, ...]) -> None:
    bench.answer("sid-1", AT)
    bench.answer("sid-2", AT + 9_000)
    for number in order:
        bench.add(TOLD[number])
    assert [bench.call(call).push_ids for call in ("sid-1", "sid-2")] == [("push-1",), ("push-2",)]
    assert [row["push_ids"] for row in bench.timelines.calls_of(ACCOUNT, "bob", 9).calls] == [["push-2"], ["push-1"]]


def test_a_push_that_fits_two_calls_joins_none_and_is_marked(bench: Recorder) -> None:
    bench.answer("sid-1", AT - 19_000)
    bench.answer("sid-2", AT - 5_001)
    bench.add([dialled("sid-2", AT - 5_001), pushed("push-1", AT)])
    assert bench.call("push-1").correlation is Correlation.AMBIGUOUS
    assert bench.call("sid-2").push_ids == ()


def test_of_two_calls_the_near_one_has_the_push(bench: Recorder) -> None:
    bench.answer("sid-1", AT - 19_000)
    bench.answer("sid-2", AT - 5_000)
    bench.add([pushed("push-1", AT)])
    assert bench.call("push-1").call_sid == "sid-2"


def test_the_same_push_sent_again_is_of_the_same_call_though_the_caller_has_dialled_again(bench: Recorder) -> None:
    bench.answer("sid-1", AT)
    bench.add([pushed("push-1", AT + 500, key="same")])
    bench.answer("sid-2", AT + 4_000)
    bench.add(
        [
            pushed("push-3", AT + 4_500, key="same"),
        ]
    )
    bench.add([pushed("push-4", AT + 4_600, key="other")])
    assert bench.call("sid-1").push_ids == ("push-1", "push-3")
    assert bench.call("sid-2").push_ids == ("push-4",)


def test_a_push_that_is_told_again_after_two_more_calls_keeps_its_call(bench: Recorder) -> None:
    def told(more: Event) -> None:
        bench.add([PUSHES[0], more])

    bench.answer("sid-1", AT)
    told(event("push-1", Kind.PUSH_SENT, AT + 600, "bob", push_id="push-1", outcome="retry"))
    bench.answer("sid-2", AT + 2_400)
    told(event("push-1", Kind.PUSH_SENT, AT + 3_000, "bob", push_id="push-1", outcome="accepted"))
    assert len(bench.timelines.read(ACCOUNT, "sid-1")) == 3
    assert bench.timelines.read(ACCOUNT, "sid-2") == []
