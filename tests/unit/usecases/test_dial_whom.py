from dataclasses import dataclass, field

import pytest

from switchboard.domain.calls import Asked, CallContext
from switchboard.domain.subscribers import Status
from switchboard.usecases.dial_whom import DialAnswer, DialRequest, DialWhom, Route
from tests.fakes.call_contexts import FakeCallContexts
from tests.fakes.clock import FakeClock


@dataclass
class Statuses:
    known: dict[str, Status] = field(default_factory=lambda: {"alice": Status.ACTIVE})

    def status(self, account: str, name: str) -> Status | None:
        return self.known.get(name)


@dataclass
class World:
    clock: FakeClock = field(default_factory=FakeClock)
    contexts: FakeCallContexts = field(default_factory=FakeCallContexts)
    statuses: Statuses = field(default_factory=Statuses)

    def alice_sets(self, callee: str) -> None:
        now = self.clock()
        self.contexts.put(CallContext("acme", "alice", callee, "", int(now * 1000), int(now) + 60))

    def dial(
        self, call_sid: str = "call-1", *, custom_field: str = "", routing: bool = False, late: int = 1500
    ) -> DialAnswer:
        return self.use_case(late, routing)(DialRequest("acme", "alice", call_sid, custom_field, self.clock()))

    def use_case(self, late: int, routing: bool) -> DialWhom:
        return DialWhom(self.contexts, self.statuses, self.clock, self.clock.sleep, late, routing, self.note)

    def note(self, request: DialRequest, asked: Asked, callee: str | None) -> None:
        self.contexts.note(request.account, request.caller, request.call_sid, asked, callee=callee, expires_at=0)

    def traces(self) -> list[tuple[str, str, int, str | None]]:
        """The call, route, wait in milliseconds and callee of all that Dial Whom left a trace of."""
        return [(call, asked.route, asked.waited_ms, callee) for _, call, asked, callee in self.contexts.traces]


@pytest.fixture
def world() -> World:
    return World()


def test_a_context_that_is_there_answers_at_once(world: World) -> None:
    world.alice_sets("bob")
    began = world.clock()
    assert world.dial() == DialAnswer("bob", Route.CONTEXT)
    assert world.clock() == began


def test_the_same_call_gets_the_same_answer(world: World) -> None:
    world.alice_sets("bob")
    world.dial()
    world.alice_sets("carol")
    assert world.dial() == DialAnswer("bob", Route.SAME_CALL)


def test_a_context_set_after_dialling_is_waited_for(world: World) -> None:
    world.clock.at(0.5, lambda: world.alice_sets("bob"))
    assert world.dial() == DialAnswer("bob", Route.LATE_CONTEXT)


def test_a_used_context_waits_for_the_new_one(world: World) -> None:
    world.alice_sets("bob")
    world.dial("call-1")
    world.clock.at(0.5, lambda: world.alice_sets("carol"))
    assert world.dial("call-2") == DialAnswer("carol", Route.LATE_CONTEXT)


def test_a_used_context_answers_where_no_newer_one_comes(world: World) -> None:
    world.alice_sets("bob")
    world.dial("call-1")
    began = world.clock()
    assert world.dial("call-2") == DialAnswer("bob", Route.USED_CONTEXT)
    assert world.clock() - began == pytest.approx(1.5)


def test_without_any_context_nobody_is_dialled_after_the_wait(world: World) -> None:
    began = world.clock()
    assert world.dial() == DialAnswer(None, Route.NO_CONTEXT)
    assert world.clock() - began == pytest.approx(1.5)


def test_no_wait_is_made_where_it_is_switched_off(world: World) -> None:
    began = world.clock()
    assert world.dial(late=0) == DialAnswer(None, Route.NO_CONTEXT)
    assert world.clock() == began


def test_a_request_that_arrived_long_ago_is_not_kept_waiting_past_its_deadline(world: World) -> None:
    use_case = world.use_case(3000, False)
    arrived = world.clock() - 2.0  # a slow cold start
    use_case(DialRequest("acme", "alice", "call-1", "", arrived))
    assert world.clock() - arrived == pytest.approx(3.2)


def test_a_suspended_callee_is_not_dialled(world: World) -> None:
    world.alice_sets("bob")
    world.statuses.known["bob"] = Status.INACTIVE
    assert world.dial() == DialAnswer(None, Route.CALLEE_SUSPENDED)


def test_a_callee_that_we_do_not_know_is_dialled_for_exotel_may_know_it(world: World) -> None:
    world.alice_sets("zoe")
    assert world.dial() == DialAnswer("zoe", Route.CONTEXT)


@pytest.mark.parametrize("custom_field", ["carol", "sip:carol", "SIP:carol@voip.example"])
def test_the_custom_field_names_the_callee_where_that_is_switched_on(world: World, custom_field: str) -> None:
    world.alice_sets("bob")
    assert world.dial(custom_field=custom_field, routing=True) == DialAnswer("carol", Route.CUSTOM_FIELD)
    assert world.dial(custom_field=custom_field) == DialAnswer("bob", Route.CONTEXT)


@pytest.mark.parametrize("status", [None, Status.INACTIVE])
def test_the_custom_field_of_a_caller_who_is_unknown_or_suspended_reaches_nobody(
    world: World, status: Status | None
) -> None:
    world.statuses.known = {"alice": status} if status else {}
    began = world.clock()
    assert world.dial(custom_field="carol", routing=True) == DialAnswer(None, Route.CALLER_REFUSED)
    assert world.clock() == began


@pytest.mark.parametrize("custom_field", ["", "order:{12,34}", "a name with spaces", "a" * 17])
def test_a_custom_field_that_names_nobody_is_passed_over(world: World, custom_field: str) -> None:
    world.alice_sets("bob")
    assert world.dial(custom_field=custom_field, routing=True) == DialAnswer("bob", Route.CONTEXT)


def test_an_answer_from_a_context_leaves_its_trace_with_the_claim(world: World) -> None:
    world.alice_sets("bob")
    world.dial("call-1")
    world.dial("call-1")  # Exotel's retry: nothing new
    world.dial("call-2", late=500)
    world.clock.at(0.25, lambda: world.alice_sets("carol"))
    world.dial("call-3")
    assert [(call, route, callee) for call, route, _, callee in world.traces()] == [
        ("call-1", "context", "bob"),
        ("call-2", "used-context", "bob"),
        ("call-3", "late-context", "carol"),
    ]
    assert [waited for _, _, waited, _ in world.traces()] == pytest.approx([0, 500, 300], abs=2)


def test_nobody_dialled_leaves_a_trace_too(world: World) -> None:
    world.dial("call-1", late=0)
    assert world.traces() == [("call-1", "no-context", 0, None)]


def test_a_suspended_callee_leaves_the_trace_of_both_the_context_and_the_refusal(world: World) -> None:
    world.alice_sets("bob")
    world.statuses.known["bob"] = Status.INACTIVE
    world.dial()
    assert [(route, callee) for _, route, _, callee in world.traces()] == [
        ("context", "bob"),
        ("callee-suspended", None),
    ]


def test_the_custom_field_leaves_a_trace(world: World) -> None:
    world.dial(custom_field="carol", routing=True)
    assert world.traces() == [("call-1", "custom-field", 0, "carol")]
