"""The callee that Dial Whom finds, and how long it waits for a context."""

import pytest

from switchboard.calls.context import Asked, ClaimedCallee
from switchboard.calls.dial_whom import DialAnswer, DialRequest, Route
from switchboard.subscribers.subscriber import Status
from tests.benches.dial_whom import DialWhomBench
from tests.fakes.call_contexts import FakeCallContexts


@pytest.fixture
def bench() -> DialWhomBench:
    return DialWhomBench()


def test_a_context_that_is_there_answers_at_once(bench: DialWhomBench) -> None:
    bench.alice_sets("bob")
    began = bench.clock()
    assert bench.dial() == DialAnswer("bob", Route.CONTEXT)
    assert bench.clock() == began


def test_the_same_call_gets_the_same_answer(bench: DialWhomBench) -> None:
    bench.alice_sets("bob")
    bench.dial()
    bench.alice_sets("carol")
    assert bench.dial() == DialAnswer("bob", Route.SAME_CALL)


def test_a_context_set_after_dialling_is_waited_for(bench: DialWhomBench) -> None:
    bench.clock.at(0.5, lambda: bench.alice_sets("bob"))
    assert bench.dial() == DialAnswer("bob", Route.LATE_CONTEXT)


def test_a_used_context_waits_for_the_new_one(bench: DialWhomBench) -> None:
    bench.alice_sets("bob")
    bench.dial("call-1")
    bench.clock.at(0.5, lambda: bench.alice_sets("carol"))
    assert bench.dial("call-2") == DialAnswer("carol", Route.LATE_CONTEXT)


def test_a_used_context_answers_no_other_call_though_no_newer_one_comes(bench: DialWhomBench) -> None:
    bench.alice_sets("bob")
    bench.dial("call-1")
    began = bench.clock()
    assert bench.dial("call-2") == DialAnswer(None, Route.NO_CONTEXT)
    assert bench.clock() - began == pytest.approx(1.5)


def test_without_any_context_nobody_is_dialled_after_the_wait(bench: DialWhomBench) -> None:
    began = bench.clock()
    assert bench.dial() == DialAnswer(None, Route.NO_CONTEXT)
    assert bench.clock() - began == pytest.approx(1.5)


@pytest.mark.parametrize(("late", "looks"), [(1500, 15), (3000, 30), (250, 3), (0, 0)])
def test_an_unanswered_call_costs_two_writes_and_a_read_each_100_ms(
    bench: DialWhomBench, late: int, looks: int
) -> None:
    assert bench.dial(late=late).callee is None
    assert bench.contexts.asked == ["claim", *["look"] * looks, "note"]


def test_a_call_that_loses_every_late_context_to_another_costs_four_writes(bench: DialWhomBench) -> None:
    take = iter(range(100))

    def look(*asked: object) -> ClaimedCallee:
        bench.alice_sets("bob")  # which another call claims before this one
        seen = FakeCallContexts.look(bench.contexts, *asked)  # type: ignore[arg-type]
        bench.contexts.claim("acme", "alice", f"other-{next(take)}", Asked(0, 0, "context"))
        asked_for.append("look")
        return seen

    asked_for: list[str] = []
    began = bench.clock()
    bench.contexts.look = look  # type: ignore[method-assign, assignment]
    assert bench.dial() == DialAnswer(None, Route.NO_CONTEXT)
    assert bench.clock() - began == pytest.approx(1.5)
    others = len(asked_for)
    writes = [name for name in bench.contexts.asked if name != "look"]
    assert len(writes) - others == 4


def test_a_context_is_looked_for_on_time_however_long_a_look_takes(bench: DialWhomBench) -> None:
    began, seen = bench.clock(), []

    def look(*asked: object) -> ClaimedCallee:
        seen.append(round(bench.clock() - began, 3))
        bench.clock.sleep(0.04 if len(seen) < 5 else 0.25)
        return FakeCallContexts.look(bench.contexts, *asked)  # type: ignore[arg-type]

    bench.contexts.look = look  # type: ignore[method-assign, assignment]
    bench.dial()
    assert seen == [0.1, 0.2, 0.3, 0.4, 0.5, 0.8, 1.1, 1.4, 1.65]


def test_no_wait_is_made_where_it_is_switched_off(bench: DialWhomBench) -> None:
    began = bench.clock()
    assert bench.dial(late=0) == DialAnswer(None, Route.NO_CONTEXT)
    assert bench.clock() == began


def test_a_request_that_arrived_long_ago_is_not_kept_waiting_past_its_deadline(bench: DialWhomBench) -> None:
    use_case = bench.use_case(3000, False)
    arrived = bench.clock() - 2.0  # a slow cold start
    use_case(DialRequest("acme", "alice", "call-1", "", arrived))
    assert bench.clock() - arrived == pytest.approx(3.2)


def test_a_suspended_callee_is_not_dialled(bench: DialWhomBench) -> None:
    bench.alice_sets("bob")
    bench.statuses.known["bob"] = Status.INACTIVE
    assert bench.dial() == DialAnswer(None, Route.CALLEE_SUSPENDED)


def test_a_callee_that_we_do_not_know_is_dialled_for_exotel_may_know_it(bench: DialWhomBench) -> None:
    bench.alice_sets("zoe")
    assert bench.dial() == DialAnswer("zoe", Route.CONTEXT)


@pytest.mark.parametrize(
    "custom_field", ["to:carol", "TO:carol", " to: carol ", "to:sip:carol", "To:SIP:carol@voip.example"]
)
def test_the_custom_field_names_the_callee_where_that_is_switched_on(bench: DialWhomBench, custom_field: str) -> None:
    bench.alice_sets("bob")
    assert bench.dial(custom_field=custom_field, routing=True) == DialAnswer("carol", Route.CUSTOM_FIELD)
    assert bench.dial(custom_field=custom_field) == DialAnswer("bob", Route.CONTEXT)


@pytest.mark.parametrize("status", [None, Status.INACTIVE])
def test_the_custom_field_of_an_unknown_or_suspended_caller_is_ignored(
    bench: DialWhomBench, status: Status | None
) -> None:
    bench.statuses.known = {"alice": status} if status else {}
    began = bench.clock()
    assert bench.dial(custom_field="to:carol", routing=True) == DialAnswer(None, Route.CALLER_REFUSED)
    assert bench.clock() == began


@pytest.mark.parametrize(
    "custom_field",
    [
        *("", "Alice", "alice", "carol", "sip:carol", "test:1234", "order:{12,34}"),  # of the stock apps, or for others
        *("to:", "to:a name", "to:wa:919876543210", "to:{carol}", "to:carol,dave", "to:\u017fam", "to:" + "a" * 17),
        *("to:alice", "TO:Alice", "to:sip:ALICE", "onto:carol"),
    ],
)
def test_a_custom_field_of_another_form_or_that_names_the_caller_is_passed_over(
    bench: DialWhomBench, custom_field: str
) -> None:
    bench.alice_sets("bob")
    assert bench.dial(custom_field=custom_field, routing=True) == DialAnswer("bob", Route.CONTEXT)


def test_an_answer_from_a_context_leaves_its_trace_with_the_claim(bench: DialWhomBench) -> None:
    bench.alice_sets("bob")
    bench.dial("call-1")
    bench.dial("call-1")  # Exotel's retry: nothing new
    bench.dial("call-2", late=500)
    bench.clock.at(0.25, lambda: bench.alice_sets("carol"))
    bench.dial("call-3")
    assert [(call, route, callee) for call, route, _, callee in bench.traces()] == [
        ("call-1", "context", "bob"),
        ("call-2", "no-context", None),
        ("call-3", "late-context", "carol"),
    ]
    assert [waited for _, _, waited, _ in bench.traces()] == pytest.approx([0, 500, 300], abs=2)


def test_nobody_dialled_leaves_a_trace_too(bench: DialWhomBench) -> None:
    bench.dial("call-1", late=0)
    assert bench.traces() == [("call-1", "no-context", 0, None)]


def test_a_suspended_callee_leaves_the_trace_of_both_the_context_and_the_refusal(bench: DialWhomBench) -> None:
    bench.alice_sets("bob")
    bench.statuses.known["bob"] = Status.INACTIVE
    bench.dial()
    assert [(route, callee) for _, route, _, callee in bench.traces()] == [
        ("context", "bob"),
        ("callee-suspended", None),
    ]


def test_the_custom_field_leaves_a_trace(bench: DialWhomBench) -> None:
    bench.dial(custom_field="to:carol", routing=True)
    assert bench.traces() == [("call-1", "custom-field", 0, "carol")]
