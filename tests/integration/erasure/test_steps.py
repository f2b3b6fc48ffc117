"""The steps of an erasure: bounded, repeatable, and none is lost."""

import time
import uuid
from collections import Counter
from typing import Any

import pytest

from switchboard.aws.attributes import item_of
from switchboard.calls.context import CallContext
from switchboard.erasure import erasures_dynamodb
from switchboard.erasure.erasures_dynamodb import DynamoSweeps
from switchboard.foundation.errors import AwsError
from switchboard.timeline.event import Event, Kind
from tests.fakes.aws_calls import before_each
from tests.integration.erasure.conftest import ZOE, ErasureStack
from tests.timeline_events import ACCOUNT, dialled, event

MOST = 40
USERS = 10


def client_of(stack: ErasureStack) -> Any:
    return stack.eraser.build().sweeps._client


def now() -> int:
    return int(time.time() * 1000)


def certificate(stack: ErasureStack, erasure: str) -> dict[str, Any]:
    key = item_of({"pk": "erasures", "sk": erasure})
    found: dict[str, Any] = stack.deployment.client("dynamodb").get_item(TableName="ErasuresTable", Key=key)["Item"]
    return found


def many_calls(stack: ErasureStack, caller: str, callee: str, many: int) -> None:
    for number in range(many):
        stack.recorder.add([dialled(uuid.uuid4().hex, now() - 9_000 - number, caller, callee)])


def test_no_step_makes_more_than_forty_calls_and_each_stores_how_far_it_got(stack: ErasureStack) -> None:
    users = [f"user{number}" for number in range(USERS)]
    for name in users:
        stack.user(name)
        many_calls(stack, "amy", name, 4)
    stack.user("amy", *users)
    many_calls(stack, users[0], users[1], 60)
    for name in users:
        stack.delete(name)
    per_step: list[int] = []
    counts: Counter[str] = Counter()
    before_each(client_of(stack), lambda operation, _: counts.update([operation]))
    stack.step("waiting")
    while stack.eraser.build().sweeps.current() is not None:
        counts.clear()
        stack.step()
        per_step.append(counts.total())
    assert max(per_step) <= MOST
    assert len(per_step) > 6
    assert [trace for name in users for trace in stack.traces(name)] == []


def test_a_step_that_crashes_after_any_request_is_repeated_with_the_same_result(lived: ErasureStack) -> None:
    lived.delete(ZOE)
    lived.step("waiting")
    crash, steps = 1, 0
    while lived.eraser.build().sweeps.current() is not None:
        steps += 1
        assert steps < 300
        left = [crash]

        def fail(_operation: str, _parameters: Any, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] == 0:
                raise AwsError("crashed")

        client = client_of(lived)
        call = client.call
        before_each(client, fail)
        try:
            lived.step()
        except AwsError:
            crash += 1  # later each time, until the step gets through
        else:
            crash = 1
        finally:
            client.call = call
    assert lived.traces() == []


def test_a_record_that_comes_twice_does_a_step_of_no_harm(lived: ErasureStack) -> None:
    erasure = lived.delete(ZOE)
    lived.step("waiting")
    lived.step("waiting")  # another who waits does not disturb the sweep
    for _ in range(3):
        lived.step()
    lived.erase()
    lived.step()
    lived.step("waiting")
    assert lived.traces() == []
    assert "finished_at" in certificate(lived, erasure)


def test_two_at_once_store_one_step(lived: ErasureStack) -> None:
    lived.delete(ZOE)
    lived.step("waiting")
    sweeps: DynamoSweeps = lived.eraser.build().sweeps
    sweep = sweeps.current()
    assert sweep is not None
    sweeps.advance(sweep)
    after = sweeps.current()
    sweeps.advance(sweep)  # of the same version
    assert sweeps.current() == after


def test_a_deletion_that_is_repeated_is_one_erasure(lived: ErasureStack) -> None:
    first = lived.erasures.begin(ACCOUNT, ZOE, 1, keeps=False)
    assert lived.delete(ZOE) == first
    assert len(lived.eraser.build().sweeps.waiting()) == 1
    lived.erase()
    assert lived.erasures.begin(ACCOUNT, ZOE, 1, keeps=False) == first  # after a lost answer
    assert lived.eraser.build().sweeps.waiting() == []


def test_a_deletion_that_crashed_before_the_profile_went_is_completed(lived: ErasureStack) -> None:
    lived.erasures.begin(ACCOUNT, ZOE, 1, keeps=False)
    lived.erase()
    assert lived.traces() == []


def test_who_is_deleted_while_others_are_erased_comes_next(lived: ErasureStack) -> None:
    lived.delete(ZOE)
    lived.step("waiting")
    lived.step()
    lived.delete("amy")
    lived.step("waiting")
    lived.erase()
    assert lived.traces("amy") == lived.traces() == []


def test_more_who_are_deleted_in_the_same_second_push_nobody_out_of_the_sweep(
    stack: ErasureStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasures_dynamodb, "MOST_AT_ONCE", USERS)
    names = [f"user{number:02}" for number in range(2 * USERS)]
    for name in names:
        stack.user(name, "bob")
    erasures = [stack.delete(name) for name in names[:USERS]]
    stack.step("waiting")
    erasures += [stack.delete(name) for name in names[USERS:]]
    stack.user("amy", *names)  # whom the first sweep has not reached yet
    stack.erase()
    assert all("finished_at" in certificate(stack, erasure) for erasure in erasures)
    assert [trace for name in names for trace in stack.traces(name)] == []


def test_two_parties_of_one_call_are_erased_together(lived: ErasureStack) -> None:
    lived.delete(ZOE)
    lived.delete("amy")
    lived.erase()
    assert lived.traces("amy") == lived.traces() == []
    assert [call["id"] for call in lived.history("bob")] == ["sid-3"]
    assert lived.history("bob")[0]["other_deleted"]


def test_the_same_name_in_another_account_is_another_user(lived: ErasureStack) -> None:
    lived.contexts.put(CallContext("other1m", "amy", ZOE, "hello", now(), now() // 1000 + 60))
    lived.delete(ZOE)
    lived.erase()
    assert [trace.partition(":")[0] for trace in lived.traces()] == ["CallContextsTable"]


def test_an_item_that_nobody_can_read_goes_if_it_has_the_name(lived: ErasureStack) -> None:
    broken: dict[str, Any] = {
        "pk": f"{ACCOUNT}#sid-8",
        "sk": "event#1700000000000#x",
        "events": f"{{{ZOE}",
        "expires_at": now(),
    }
    lived.deployment.client("dynamodb").put_item(TableName="CallsTable", Item=item_of(broken))
    lived.delete(ZOE)
    lived.erase()
    assert lived.traces() == []


def test_a_name_after_a_line_break_is_found(lived: ErasureStack) -> None:
    lived.call("sid-7", now() - 20_000, "amy", "bob")
    lived.tell(event("sid-7", Kind.FEEDBACK, now(), "amy", rating=3, comment=f"so\n{ZOE}\tsaid: \u00e9{ZOE}"))
    lived.delete(ZOE)
    lived.erase()
    assert lived.traces() == []


def test_a_users_words_of_a_fixed_vocabulary_stay(stack: ErasureStack) -> None:
    for name in ("answered", "context"):
        stack.user(name)
    stack.call("sid-1", now() - 9_000, "context", "answered")
    for name in ("answered", "context"):
        stack.delete(name)
    stack.erase()
    told = stack.timelines.read(ACCOUNT, "sid-1")
    assert [one.details.get("route") for one in told if one.kind is Kind.DIAL_WHOM] == ["context"]


def test_the_certificate_says_what_when_and_until_when_traces_may_be_left(lived: ErasureStack) -> None:
    erasure = lived.delete(ZOE)
    lived.erase()
    found = certificate(lived, erasure)
    counts = {name: int(value["N"]) for name, value in found["counts"]["M"].items()}
    assert counts["log_objects"] == 48
    assert counts["contact_groups"] == 2
    assert counts["calls_in_history"] == counts["summaries_of_calls"] == 2
    at = int(found["finished_at"]["N"])
    traces = {name: (int(value["N"]) - at) // 86_400 for name, value in found["traces_until"]["M"].items()}
    assert (traces["logs"], traces["log_uploads_of_others"], traces["backups"], traces["dead_letters"]) == (
        30,
        14,
        35,
        14,
    )
    assert ZOE not in str(found)


@pytest.mark.parametrize("keeps", [False, True])
def test_pseudonymised_calls_stay_under_one_pseudonym(lived: ErasureStack, keeps: bool) -> None:
    erasure = lived.delete(ZOE, keeps=keeps)
    lived.erase()
    assert lived.traces() == []
    calls = [call["id"] for call in lived.history(f"deleted:{erasure[:12]}")]
    assert calls == (["sid-2", "sid-1"] if keeps else [])
    lived.tell(*[Event(ACCOUNT, "sid-2", Kind.EXOTEL_EVENT, now(), None, {"hook": "status", "caller": ZOE})])
    assert lived.traces() == []
    assert [call["id"] for call in lived.history("amy") if call["other_deleted"]] == ["sid-2", "sid-1"]


def test_a_late_event_of_a_call_with_the_next_user_of_the_name_keeps_the_name(lived: ErasureStack) -> None:
    lived.delete(ZOE)
    lived.user(ZOE, generation=now())
    time.sleep(0.002)
    lived.call("sid-new", now(), "amy", ZOE)
    lived.tell(event("sid-1", Kind.EXOTEL_EVENT, now(), None, hook="status", event="terminal", callee=ZOE))
    lived.erase()
    assert [call["id"] for call in lived.history(ZOE)] == ["sid-new"]
    assert {call["id"]: call["other_party"] for call in lived.history("amy")} == {
        "sid-new": ZOE,
        "sid-3": "bob",
        "sid-2": None,
        "sid-1": None,
    }
