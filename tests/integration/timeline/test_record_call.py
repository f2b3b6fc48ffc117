"""record_call as Lambda invokes it, against DynamoDB and SQS in moto."""

import json
import time

import pytest

from switchboard.calls.context import DELETED, Asked, CallContext, Ending
from switchboard.timeline.correlation import Correlation
from switchboard.timeline.entry import entries_of
from switchboard.timeline.event import Event, Kind
from switchboard.timeline.event_json import encode
from switchboard.timeline.queue import message_of
from switchboard.timeline.rows import row_of
from switchboard.timeline.summary import summarise
from tests.events import recorded
from tests.integration.timeline.conftest import TimelineStack, wakes
from tests.timeline_events import ACCOUNT, call_of, dialled, event, messages_of, passthru, pushed, shuffled

CONTEXT = CallContext(ACCOUNT, "alice", "bob", "", 1_700_000_000_000, 1_700_000_060)
ASKED = Asked(1_700_000_000_500, 40, "context")


def now() -> int:
    return int(time.time() * 1000)


def test_the_recorded_event_is_written_down(stack: TimelineStack) -> None:
    stack.function.handler(recorded("record_call"), None)
    (accepted, uncorrelated) = stack.timelines.read(ACCOUNT, "6f1d2c3b4a5968778695a4b3c2d1e0f0")
    assert (accepted.kind, accepted.subscriber) == (Kind.PUSH_ACCEPTED, "bob")
    assert (uncorrelated.kind, uncorrelated.details["correlation"]) == (Kind.PUSH_CORRELATION, "unmatched")


def test_events_in_random_order_and_twice_make_the_same_summaries_through_the_queue(stack: TimelineStack) -> None:
    calls = {f"sid-{number}": call_of(number, now() - 20_000) for number in range(12)}
    for number, events in enumerate(calls.values()):
        stack.recorder.answer(f"sid-{number}", events[0].at, f"caller{number}", f"callee{number}")
    every = [event for events in calls.values() for event in events]
    assert stack.record(*messages_of(shuffled(every, seed=3), every, 10)) == []
    assert stack.follow() == []
    for number, events in enumerate(calls.values()):
        (row,) = stack.timelines.calls_of(ACCOUNT, f"callee{number}", 9).calls
        assert row == row_of(f"sid-{number}", f"callee{number}", summarise(events))
    found = {call: summarise(stack.timelines.read(ACCOUNT, call)) for call in calls}
    assert found == {call: summarise(events) for call, events in calls.items()}


def test_an_ack_is_in_the_timeline_and_no_history_follows_it_unless_it_names_another_id(stack: TimelineStack) -> None:
    at = now()
    stack.recorder.entries.put(entries_of([dialled("sid-1", at)]))
    stack.recorder.put("sid-1", [pushed("push-1", at + 300)])
    ack = event("push-1", Kind.PUSH_ACKNOWLEDGED, at + 900, "bob", push_id="push-1")
    stack.recorder.entries.put(entries_of([ack]))
    told = {record["dynamodb"]["NewImage"]["sk"]["S"] for record in stack._inserted() if wakes(record, "OfApps")}
    assert not told
    assert ack in stack.timelines.read(ACCOUNT, "sid-1")
    with_session = event("push-1", Kind.PUSH_ACKNOWLEDGED, at + 901, "bob", push_id="push-1", session_id="session-1")
    stack.recorder.entries.put(entries_of([with_session]))
    assert stack.follow() == []
    assert ack in stack.timelines.read(ACCOUNT, "session-1")


def test_a_push_that_waited_in_the_queue_joins_its_call(stack: TimelineStack) -> None:
    at = now()
    stack.recorder.answer("sid-1", at - 300)
    assert stack.record([pushed("push-1", at)]) == []
    call = summarise(stack.timelines.read(ACCOUNT, "push-1"))
    assert (call.call_sid, call.push_ids, call.correlation) == ("sid-1", ("push-1",), Correlation.MATCHED)


def test_what_cannot_be_read_goes_to_the_dead_letters_with_a_reason_and_the_rest_is_kept(stack: TimelineStack) -> None:
    stack.queue("gossip")
    assert stack.record([dialled("sid-1", now())]) == []
    ((body, reason),) = stack.dead_letters()
    assert (body, reason) == ("gossip", "no events in the message: JSONDecodeError")
    assert len(stack.timelines.read(ACCOUNT, "sid-1")) == 1


def test_what_cannot_be_written_comes_back(stack: TimelineStack, caplog: pytest.LogCaptureFixture) -> None:
    assert stack.record([dialled("sid-0", now())]) == []
    assert not caplog.messages
    stack.deployment.client("dynamodb").delete_table(TableName="CallsTable")
    assert len(stack.record([dialled("sid-1", now())])) == 1
    assert caplog.messages == ["put off", "coming back"]
    stack.contexts.put(CONTEXT)
    change = stack.change(lambda: stack.contexts.claim(ACCOUNT, "alice", "sid-1", ASKED))
    assert stack.stream(change) == []  # a stream waits for nothing: it is in the queue, whole
    (message,) = stack.received("TimelineQueue")
    assert [event.call for event in message_of(message["Body"]).events] == ["sid-1"]


def test_what_neither_the_table_nor_the_queue_takes_comes_again_by_the_stream(stack: TimelineStack) -> None:
    stack.deployment.client("dynamodb").delete_table(TableName="CallsTable")
    stack.sqs.delete_queue(QueueUrl=stack.deployment.reference("TimelineQueue"))
    stack.contexts.put(CONTEXT)
    assert stack.stream(stack.change(lambda: stack.contexts.claim(ACCOUNT, "alice", "sid-1", ASKED))) == ["0"]


def test_the_stream_carries_claims_and_traces_and_nothing_else(stack: TimelineStack) -> None:
    changes = [
        stack.change(lambda: stack.contexts.put(CONTEXT)),
        stack.change(lambda: stack.contexts.claim(ACCOUNT, "alice", "sid-1", ASKED)),
        stack.change(
            lambda: stack.contexts.note(
                ACCOUNT, "alice", "sid-2", Asked(ASKED.at, 1500, "no-context"), callee=None, expires_at=1_700_003_600
            )
        ),
        stack.change(
            lambda: stack.contexts.note(
                ACCOUNT, "alice", "sid-3", Asked(ASKED.at, 0, "custom-field"), callee="carol", expires_at=1_700_003_600
            )
        ),
        stack.change(lambda: stack.contexts.end(ACCOUNT, "alice", Ending(ASKED.at + 1, DELETED, 1_700_003_600))),
        stack.change(lambda: stack.contexts.delete(ACCOUNT, "alice")),
    ]
    assert stack.stream(*changes) == []
    told: dict[str, object] = {"caller": "alice", "callee": "bob", "route": "context", "waited_ms": 40}
    details = told | {"context_set_at": CONTEXT.set_at}
    assert stack.timelines.read(ACCOUNT, "sid-1") == [
        Event(ACCOUNT, "sid-1", Kind.DIAL_WHOM, ASKED.at, None, details)  # type: ignore[arg-type]
    ]
    (nobody,) = stack.timelines.read(ACCOUNT, "sid-2")
    used = {"context_set_at": CONTEXT.set_at, "context_used_by": "sid-1"}
    assert nobody.details == {"caller": "alice", "route": "no-context", "waited_ms": 1500} | used
    (custom,) = stack.timelines.read(ACCOUNT, "sid-3")
    assert custom.details["callee"] == "carol"
    assert len(stack.timelines.read(ACCOUNT, "sid-1")) == 1


def test_a_context_that_is_set_or_deleted_does_not_invoke_record_call(stack: TimelineStack) -> None:
    put, delete = (lambda: stack.contexts.put(CONTEXT)), (lambda: stack.contexts.delete(ACCOUNT, "alice"))
    end = lambda: stack.contexts.end(ACCOUNT, "alice", Ending(ASKED.at, DELETED, 1_700_003_600))  # noqa: E731
    assert [wakes({"dynamodb": stack.change(work)}) for work in (put, put, end, put, delete)] == [False] * 5


@pytest.mark.parametrize(("after", "late"), [(2_300, True), (0, False), (10_001, False)])
def test_a_context_that_comes_soon_after_dial_whom_gave_up_is_recorded_as_late(
    stack: TimelineStack, after: int, late: bool
) -> None:
    vain = Asked(CONTEXT.set_at - after, 1500, "no-context")
    note = {"callee": None, "expires_at": 1_700_003_600}
    stack.stream(
        stack.change(lambda: stack.contexts.note(ACCOUNT, "alice", "sid-2", vain, **note)),  # type: ignore[arg-type]
        stack.change(lambda: stack.contexts.put(CONTEXT)),
        stack.change(lambda: stack.contexts.claim(ACCOUNT, "alice", "sid-3", ASKED)),
    )
    told = stack.timelines.read(ACCOUNT, "sid-2")
    assert [event.details["context_set_at"] for event in told if "context_set_at" in event.details] == (
        [CONTEXT.set_at] if late else []
    )
    assert {event.details["route"] for event in told} == {"no-context"}


@pytest.mark.parametrize(
    ("after", "by", "told"),
    [(-300, "invalid_name", 1), (2_300, "invalid_name", 2), (10_001, "invalid_name", 1), (2_300, DELETED, 1)],
)
def test_a_context_refused_while_dial_whom_waited_is_recorded_and_a_later_deletion_is_not(
    stack: TimelineStack, after: int, by: str, told: int
) -> None:
    ended = Ending(ASKED.at + after, by, 1_700_003_600)
    vain = Asked(ASKED.at, 1500, "no-context")
    work = [
        lambda: stack.contexts.note(ACCOUNT, "alice", "sid-2", vain, callee=None, expires_at=1_700_003_600),
        lambda: stack.contexts.end(ACCOUNT, "alice", ended),
    ]
    stack.stream(*[stack.change(one) for one in (work if after > 0 else work[::-1])])
    events = stack.timelines.read(ACCOUNT, "sid-2")
    assert len(events) == told
    said = [
        (one.details["context_ended_by"], one.details["context_ended_at"]) for one in events if len(one.details) > 3
    ]
    assert said == ([(by, ended.at)] if told == 2 or after < 0 else [])


@pytest.mark.parametrize("stack", [{"MissedCallPush": "on"}], indirect=True)
def test_a_missed_call_is_pushed_once(stack: TimelineStack) -> None:
    at = now() - 10_000
    missed = passthru("sid-1", at, "incomplete", "no-answer")
    stack.record([dialled("sid-1", at - 9_000)], [missed], [missed])
    stack.record([passthru("sid-1", at + 1, "incomplete", "no-answer")])
    assert stack.follow() == []
    assert stack.received("TimelineQueue") == []  # it is looked at some seconds later
    stack.queue(f'{{"missed":{encode([missed])}}}', f'{{"missed":{encode([missed])}}}')
    stack.recorded()
    (body,) = stack.pushes()
    told = json.loads(body)
    assert (told["type"], told["subscriberName"], told["caller"], told["callSid"]) == (
        "missedCall",
        "bob",
        "alice",
        "sid-1",
    )


@pytest.mark.parametrize("stack", [{}, {"MissedCallPush": "on"}], indirect=True)
def test_no_missed_call_push_where_it_is_off_or_the_call_was_answered(stack: TimelineStack) -> None:
    at = now() - 10_000
    events = [dialled("sid-1", at - 9_000), passthru("sid-1", at, "incomplete", "no-answer")]
    if stack.function.build().notify_missed:
        events.append(event("sid-1", Kind.SDK_CALLBACK, at - 100, "bob", name="onCallEstablished"))
    stack.record(events)
    stack.follow()
    stack.queue(f'{{"missed":{encode(events[1:2])}}}')
    assert stack.recorded() == []
    assert stack.pushes() == []
