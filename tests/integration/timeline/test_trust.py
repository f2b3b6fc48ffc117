"""What an app can do to other people's calls: nothing, before and after the platform speaks."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from switchboard.timeline.event import Event, Kind
from switchboard.timeline.outcome import CallOutcome
from tests.integration.timeline.conftest import TimelineStack
from tests.timeline_events import ACCOUNT, BEGAN, agent, dialled, event, passthru, pushed

type Seen = Sequence[Any]


def call(stack: TimelineStack) -> None:
    """What the platform and the parties tell of a call from alice to bob."""
    stack.recorder.add([dialled("sid-1", BEGAN)])
    stack.recorder.put("sid-1", [pushed("push-1", BEGAN + 300)])
    stack.recorder.add([agent("sid-1", BEGAN + 1_000, "ringing")])
    stack.recorder.add([event("push-1", Kind.SDK_CALLBACK, BEGAN + 900, "bob", name="x", session_id="session-1")])
    stack.recorder.add([passthru("sid-1", BEGAN + 9_000, "incomplete", "no-answer")])
    stack.recorder.add([event("session-1", Kind.FEEDBACK, BEGAN + 20_000, "bob", rating=4)])


def seen(stack: TimelineStack) -> Seen:
    """All that alice, bob and the operator are told of the call."""
    reads = [
        stack.timelines.read(ACCOUNT, one, reader)
        for one in ("sid-1", "push-1", "session-1")
        for reader in (None, "alice", "bob")
        if (one, reader) != ("session-1", "alice")  # of which alice's app has said nothing
    ]
    return [*reads, *(stack.timelines.calls_of(ACCOUNT, name, 50) for name in ("alice", "bob"))]


def carols(one: str, start: int, **ids: str) -> list[Event]:
    details = {"name": "onCallEstablished", **ids}
    return [event(one, Kind.SDK_CALLBACK, BEGAN - 9_999 + start + n, "carol", **details) for n in range(100)]


def flood(stack: TimelineStack) -> None:
    """Tell 800 events of the call's ids as carol, who is no party of it."""
    for number in range(2):
        stack.recorder.add(carols("sid-1", number * 100, push_id="push-1", session_id="session-1"))
        stack.recorder.add(carols("push-1", number * 100, session_id="sid-1"))
        stack.recorder.add(carols("session-1", number * 100, push_id="sid-1"))
        stack.recorder.add(carols("sid-2", number * 100, push_id="push-1", session_id="sid-1"))


def flood_from_a_call(stack: TimelineStack) -> None:
    """As carol, who has a call of her own, say that alice's ids are of that one."""
    stack.recorder.add([dialled("sid-2", BEGAN, "carol", "dave")])
    flood(stack)


@pytest.mark.parametrize("attack", [flood, flood_from_a_call])
def test_eight_hundred_events_of_a_stranger_change_nothing(
    stack: TimelineStack, attack: Callable[[TimelineStack], None]
) -> None:
    call(stack)
    before = seen(stack)
    attack(stack)
    assert seen(stack) == before
    assert "sid-1" not in [one["id"] for one in stack.timelines.calls_of(ACCOUNT, "carol", 50).calls]


@pytest.mark.parametrize("attack", [flood, flood_from_a_call])
def test_nobody_can_squat_on_an_id_before_the_platform_or_its_user_speaks(
    stack: TimelineStack, attack: Callable[[TimelineStack], None]
) -> None:
    call(stack)
    wanted = seen(stack)
    for item in stack.deployment.client("dynamodb").scan(TableName="CallsTable")["Items"]:
        stack.deployment.client("dynamodb").delete_item(
            TableName="CallsTable", Key={"pk": item["pk"], "sk": item["sk"]}
        )
    attack(stack)
    assert "sid-1" not in [one["id"] for one in stack.timelines.calls_of(ACCOUNT, "carol", 50).calls]
    call(stack)
    found = seen(stack)
    session = 6  # what an operator is told of a session that two apps claim is the first one's word
    assert found[:session] == wanted[:session]
    assert found[session + 1 :] == wanted[session + 1 :]


def test_a_party_cannot_hide_what_the_platform_says(stack: TimelineStack) -> None:
    call(stack)
    for number in range(4):
        told = [
            event("sid-1", Kind.SDK_CDR, BEGAN + number * 100 + n, "bob", state="answered", caller="carol")
            for n in range(100)
        ]
        stack.recorder.add(told)
    events = stack.timelines.read(ACCOUNT, "sid-1")
    assert len([one for one in events if not one.of_an_app]) == 4
    assert len([one for one in events if one.subscriber == "bob" and one.of_an_app]) == 200
    (row,) = stack.timelines.calls_of(ACCOUNT, "alice", 9).calls
    assert (row["outcome"], row["other_party"]) == (CallOutcome.MISSED, "bob")
