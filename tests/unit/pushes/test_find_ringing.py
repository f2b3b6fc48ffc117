"""What rings now, found by caller, by CallSid and by callee."""

from dataclasses import replace

import pytest

from local.calls.call_data import call_data
from switchboard.calls.context import Asked, CallContext
from switchboard.pushes.find_ringing import FindRinging
from switchboard.pushes.push import Push
from switchboard.subscribers.subscriber import Device, TokenType
from tests.benches.deliver_push import ACCEPTED_AT, PUSH, DeliveryBench

ANDROID = Device("android", TokenType.FCM, 1, session_version="v1", phone="phone-1")
IPHONE = Device("iphone", TokenType.FCM, 2, session_version="v1")
RING_MS = 30_000


def push(session: str = "call-1", *, after: int = 0) -> Push:
    """Return alice's push to dave, accepted `after` milliseconds after the first."""
    one = replace(PUSH, payload=call_data("alice", session), accepted_at=ACCEPTED_AT + after)
    return replace(one, push_id=f"{one.key}0a1b2c3d")


def dial(bench: DeliveryBench, call: str, *, after: int, callee: str = "dave") -> None:
    """Have Dial Whom answer alice's call, `after` milliseconds after the first push was accepted."""
    at = ACCEPTED_AT + after
    bench.contexts.put(CallContext("demo1m", "alice", callee, "", at, at // 1000 + 3_600))
    bench.contexts.claim("demo1m", "alice", call, Asked(at, 0, "context"))


def find(bench: DeliveryBench) -> FindRinging:
    return FindRinging(bench.ringing, bench.contexts, bench.clock, RING_MS)


def test_a_delivered_call_is_found_by_caller_by_callsid_and_by_callee() -> None:
    bench = DeliveryBench(ANDROID, IPHONE)
    dial(bench, "sid-1", after=-400)
    bench.deliver(push())

    found = find(bench).by_caller("demo1m", "alice")

    assert found is not None
    assert (found.call_sid, found.caller, found.callee, found.until) == (
        "sid-1",
        "alice",
        "dave",
        ACCEPTED_AT + RING_MS,
    )
    assert found.phones == {"phone-1", IPHONE.key}
    assert found.has_push(push().push_id)
    assert find(bench).by_caller("demo1m", "alice", "sid-1") == found
    assert list(find(bench).of_callee("demo1m", "dave")) == [found]
    assert find(bench).by_caller("demo1m", "alice", "sid-2") is None
    assert find(bench).by_caller("demo1m", "dave") is None
    assert not find(bench).of_callee("demo1m", "alice")


def test_a_call_whose_push_has_not_come_is_found_without_invites() -> None:
    bench = DeliveryBench(ANDROID)
    dial(bench, "sid-1", after=-400)

    found = find(bench).by_caller("demo1m", "alice", "sid-1")

    assert found is not None
    assert (found.call_sid, found.callee, dict(found.pushes)) == ("sid-1", "dave", {})


def test_a_call_that_can_ring_no_more_is_not_found() -> None:
    bench = DeliveryBench(ANDROID)
    dial(bench, "sid-1", after=0)
    bench.deliver(push())
    bench.clock.now = (ACCEPTED_AT + RING_MS + 5_001) / 1000

    assert find(bench).by_caller("demo1m", "alice") is None
    assert not find(bench).of_callee("demo1m", "dave")


def test_who_dials_again_has_two_calls_of_which_the_first_is_found_without_a_callsid() -> None:
    bench = DeliveryBench(ANDROID)
    dial(bench, "sid-1", after=0)
    dial(bench, "sid-2", after=1_800)
    bench.clock.now += 2
    bench.deliver(push("call-1", after=300))  # late: its caller has dialled again meanwhile
    bench.deliver(push("call-2", after=2_100))

    first, second = (find(bench).by_caller("demo1m", "alice", call) for call in ("sid-1", "sid-2"))

    assert first is not None
    assert second is not None
    assert first.has_push(push("call-1").push_id)
    assert second.has_push(push("call-2").push_id)
    assert find(bench).by_caller("demo1m", "alice") == first
    assert [call.call_sid for call in find(bench).of_callee("demo1m", "dave")] == ["sid-2", "sid-1"]


def test_a_push_without_a_dialled_call_is_found_by_its_callee_alone() -> None:
    bench = DeliveryBench(ANDROID)
    bench.deliver(push())

    (found,) = find(bench).of_callee("demo1m", "dave")

    assert found.has_push(push().push_id)
    assert find(bench).by_caller("demo1m", "alice") is None


def test_phones_ring_while_dial_whoms_answers_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = DeliveryBench(ANDROID)
    dial(bench, "sid-1", after=0)

    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(bench.contexts, "answers", fail)
    attempt = bench.deliver(push())

    assert bench.gateway.sent == ["android"]
    assert attempt.dialled is None  # the timeline reads them for itself


def test_a_name_that_nobody_can_have_asks_for_nothing() -> None:
    bench = DeliveryBench(ANDROID)

    assert find(bench).by_caller("demo1m", "+49 170 0000000") is None
    assert not find(bench).of_callee("demo1m", "x" * 2_000)


def test_nothing_is_registered_for_a_callee_without_phones_or_a_push_that_all_have() -> None:
    bench = DeliveryBench()
    bench.deliver(push())
    assert not bench.ringing.calls

    bench = DeliveryBench(ANDROID)
    bench.deliver(push())
    registered = dict(bench.ringing.calls)
    bench.deliver(replace(push(), push_id=push().key + "again"))
    assert bench.ringing.calls == registered
