"""How much a message may cost, what becomes of one that fails, and when items are forgotten."""

import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from switchboard.timeline.entry import entries_of
from switchboard.timeline.event import Event, Kind
from switchboard.timeline.event_json import encode
from switchboard.timeline.items import events_in
from switchboard.timeline.ports import OpenedCall
from switchboard.timeline.rows import row_of
from switchboard.timeline.summary import summarise
from switchboard.timeline.update_histories import UpdateHistories
from tests.benches.record_call import on_dynamodb
from tests.fakes.aws_calls import before_each
from tests.integration.timeline.conftest import TimelineStack
from tests.metrics import values_in
from tests.sam_template import resources
from tests.timeline_events import ACCOUNT, BEGAN, agent, call_of, dialled, event, pushed, shuffled

MOST = 40


@contextmanager
def counted(client: Any) -> Iterator[Counter[str]]:
    """Count the client's calls."""
    calls: Counter[str] = Counter()

    call = client.call
    before_each(client, lambda operation, _: calls.update([operation]))
    yield calls
    client.call = call


def client_of(stack: TimelineStack) -> Any:
    return stack.function.build().store.entries._client


def hostile(one: str, who: str, number: int) -> list[Event]:
    """A message with sixteen ids and much text; each time with others."""
    ids = [f"session-{who}-{number}-{n}" for n in range(8)]
    return [
        event(one, Kind.SDK_CALLBACK, BEGAN + number, who, session_id=one_of, push_id=f"p-{one_of}", text="x" * 9_000)
        for one_of in ids
    ]


def test_no_message_of_an_app_costs_more_than_forty_calls(stack: TimelineStack) -> None:
    stack.recorder.add([dialled("sid-1", BEGAN)])
    stack.follow()
    for number in range(8):
        for who in ("alice", "bob"):
            stack.recorder.entries.put(entries_of(hostile("sid-1", who, number)))
            with counted(client_of(stack)) as calls:
                assert stack.follow() == []
            assert calls.total() <= MOST, calls
    for who in ("alice", "bob"):  # and under each of the ids
        for number in range(8):
            session = f"session-{who}-0-{number}"
            stack.recorder.entries.put(entries_of([event(session, Kind.SDK_CDR, BEGAN, who, text="y" * 9_000)]))
            with counted(client_of(stack)) as calls:
                assert stack.follow() == []
            assert calls.total() <= MOST, calls


def test_no_message_of_the_queue_costs_more_than_forty_calls(stack: TimelineStack) -> None:
    sixteen = [event(f"id-{n}", Kind.SDK_CALLBACK, BEGAN, "bob", text="x" * 9_000) for n in range(16) for _ in range(6)]
    stack.recorder.answer("sid-1", BEGAN - 9_000)
    stack.recorder.answer("sid-2", BEGAN)
    for events in (sixteen, [pushed("push-1", BEGAN + 1_000)]):
        with counted(client_of(stack)) as calls:
            assert stack.record(events) == []
        assert 0 < calls.total() <= MOST, calls


def test_a_usual_message_costs_few_calls(stack: TimelineStack) -> None:
    stack.recorder.add([dialled("sid-1", BEGAN)])
    stack.follow()
    erased = {"GetItem": 1}  # whether users were deleted meanwhile
    for number, wanted in enumerate(({"Query": 4, "PutItem": 1}, {"Query": 4})):  # that an app has told something, once
        told = event("sid-1", Kind.SDK_CALLBACK, BEGAN + 9 + number, "bob", name="onCallRinging")
        stack.recorder.entries.put(entries_of([told]))
        with counted(client_of(stack)) as calls:
            stack.follow()
        assert calls == wanted | erased  # whose call, the platform, each party


def test_what_the_platform_tells_of_a_call_of_which_no_app_has_told_costs_one_query(stack: TimelineStack) -> None:
    stack.recorder.add([dialled("sid-1", BEGAN)])
    stack.follow()
    for told, wanted in (
        (agent("sid-1", BEGAN + 900, "ringing"), {"Query": 4}),  # nothing changes: what the apps may tell is read too
        (agent("sid-1", BEGAN + 4_000, "answered"), {"Query": 1, "PutItem": 1}),
    ):
        stack.recorder.entries.put(entries_of([told]))
        with counted(client_of(stack)) as calls:
            stack.follow()
        assert calls == wanted | {"GetItem": 1}  # whether users were deleted meanwhile


def test_whose_call_an_id_is_is_asked_once_for_both_parties(stack: TimelineStack) -> None:
    stack.recorder.add([dialled("sid-1", BEGAN)])
    stack.follow()
    told = [event("sid-1", Kind.SDK_CDR, BEGAN + 9, name, state="ENDED") for name in ("alice", "bob", "carol")]
    stack.recorder.entries.put(entries_of(told))
    with counted(client_of(stack)) as calls:
        stack.follow()
    # whose call, the platform, each party, the summary; whether users were deleted meanwhile
    assert calls == {"Query": 4, "PutItem": 1, "GetItem": 1}


def test_a_strangers_message_costs_two_queries(stack: TimelineStack) -> None:
    stack.recorder.add([dialled("sid-1", BEGAN)])
    stack.follow()
    for one, wanted in (("sid-1", 2), ("sid-2", 2)):
        stack.recorder.entries.put(entries_of([event(one, Kind.SDK_CALLBACK, BEGAN, "carol", name="x")]))
        with counted(client_of(stack)) as calls:
            stack.follow()
        assert calls == {"Query": wanted, "GetItem": 1}  # whether users were deleted meanwhile


def test_one_call_is_looked_at_once_however_many_records_tell_of_it(stack: TimelineStack) -> None:
    stack.recorder.entries.put(entries_of(call_of(0)[4:9]))
    with counted(client_of(stack)) as calls:
        stack.follow()
    assert calls["Query"] == 2  # the platform, and the callee's app: of the platform's entries the call is known
    assert calls["PutItem"] == 2  # the callee's row, and the summary: Exotel's events name no caller


def test_an_entry_of_the_platform_under_a_push_counts_for_the_call_to_which_the_pointer_leads(
    stack: TimelineStack,
) -> None:
    stack.recorder.entries.put(entries_of([dialled("sid-1", BEGAN)]))
    stack.recorder.entries.point(ACCOUNT, "push-1", "sid-1")
    for more in ([], entries_of([pushed("push-1", BEGAN + 900)])):
        stack.recorder.entries.put(more)
        assert stack.follow() == []
        found = [stack.timelines.calls_of(ACCOUNT, name, 9).calls for name in ("alice", "bob")]
        assert [[call["id"] for call in calls] for calls in found] == [["sid-1"], ["sid-1"]]


def test_the_201st_event_of_a_party_is_counted_and_dropped(
    stack: TimelineStack, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.recorder.add([dialled("sid-1", BEGAN)])
    stack.follow()
    for number in range(3):
        told = [event("sid-1", Kind.SDK_CALLBACK, BEGAN + number * 100 + n, "bob", name="x") for n in range(67)]
        stack.recorder.entries.put(entries_of(told))
        capsys.readouterr()
        stack.follow()
    assert values_in(capsys.readouterr().out, "EventDropped") == [1]
    stored = [item for item in items(stack) if item["sk"]["S"].startswith("app#bob#")]
    assert sum(len(events_in(item)) for item in stored) == 200
    stack.recorder.entries.put(entries_of([event("sid-1", Kind.SDK_CALLBACK, BEGAN + 999, "bob", name="one more")]))
    stack.follow()
    assert values_in(capsys.readouterr().out, "EventDropped") == [1]
    assert len([item for item in items(stack) if item["sk"]["S"].startswith("app#bob#")]) == 3
    assert len(stack.timelines.read(ACCOUNT, "sid-1")) == 201


def items(stack: TimelineStack) -> list[Any]:
    found: list[Any] = stack.deployment.client("dynamodb").scan(TableName="CallsTable")["Items"]
    return found


def test_a_stream_record_that_fails_is_a_dead_letter_with_its_content_after_five_tries(stack: TimelineStack) -> None:
    queue = resources("AWS::SQS::Queue")["TimelineQueue"]
    tries = queue["RedrivePolicy"]["maxReceiveCount"]
    assert tries <= 5
    assert tries * queue["VisibilityTimeout"] <= 180
    letters, url = stack.deployment.reference("TimelineDeadLetterQueue"), stack.deployment.reference("TimelineQueue")
    arn = stack.sqs.get_queue_attributes(QueueUrl=letters, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": tries})
    stack.sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": redrive, "VisibilityTimeout": "0"})
    events = [dialled("sid-1", BEGAN)]
    stack.recorder.entries.put(entries_of(events))
    records = stack._inserted()
    stack.deployment.client("dynamodb").delete_table(TableName="CallsTable")
    assert stack.function.handler({"Records": records}, None) == {"batchItemFailures": []}
    received = 0
    while messages := stack.received("TimelineQueue"):
        received += len(messages)
        record = {
            "messageId": "1",
            "body": messages[0]["Body"],
            "attributes": messages[0]["Attributes"],
            "eventSource": "aws:sqs",
        }
        assert stack.function.handler({"Records": [record]}, None)["batchItemFailures"]
    (letter,) = stack.received("TimelineDeadLetterQueue")
    assert (received, letter["Body"]) == (5, f'{{"refresh":{encode(events)}}}')


def test_what_a_batch_has_no_time_for_comes_again_by_the_stream(
    stack: TimelineStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert resources("AWS::Serverless::Function")["RecordCallFunction"]["Timeout"] - 5 > stack.function.BATCH_SECONDS
    stack.recorder.entries.put(entries_of([dialled("sid-1", BEGAN), dialled("sid-2", BEGAN)]))
    records = stack._inserted()
    with monkeypatch.context() as patch:
        patch.setattr(stack.function, "BATCH_SECONDS", 0.0)
        assert len(stack.function.handler({"Records": records}, None)["batchItemFailures"]) == 2
    assert stack.received("TimelineQueue") == []
    assert stack.function.handler({"Records": records}, None) == {"batchItemFailures": []}
    assert len(stack.timelines.calls_of(ACCOUNT, "bob", 9).calls) == 2


def test_a_record_that_could_not_be_followed_is_followed_by_the_queue(stack: TimelineStack) -> None:
    stack.recorder.entries.put(entries_of([dialled("sid-1", BEGAN)]))
    stack.queue(f'{{"refresh":{encode([dialled("sid-1", BEGAN)])}}}')
    assert stack.recorded() == []
    assert [call["id"] for call in stack.timelines.calls_of(ACCOUNT, "bob", 9).calls] == ["sid-1"]


def test_expired_items_are_seen_nowhere(stack: TimelineStack) -> None:
    later = on_dynamodb(lambda: time.time() + 31 * 86_400)
    told = [event("sid-1", Kind.SDK_CDR, BEGAN, "bob", session_id="session-1", state="x")]
    stack.recorder.add([dialled("sid-1", BEGAN), *told])
    stack.recorder.put("sid-1", [pushed("push-1", BEGAN)])
    assert len(stack.timelines.read(ACCOUNT, "session-1")) == 3
    for one in ("sid-1", "push-1", "session-1"):
        assert later.timelines.read(ACCOUNT, one) == []
        assert later.histories.call_of(ACCOUNT, one, "bob") is None
    assert later.histories.open(ACCOUNT, "sid-1") is None
    assert [later.timelines.calls_of(ACCOUNT, name, 9).calls for name in ("alice", "bob")] == [[], []]
    assert later.entries.point(ACCOUNT, "push-1", "sid-2") == "sid-2"
    later.add([dialled("sid-1", BEGAN + 1)])
    assert [call["id"] for call in later.timelines.calls_of(ACCOUNT, "bob", 9).calls] == ["sid-1"]
    assert later.timelines.read(ACCOUNT, "sid-1") == [dialled("sid-1", BEGAN + 1)]


def test_an_invocation_that_has_read_less_does_not_undo_what_another_wrote(stack: TimelineStack) -> None:
    calls = call_of(0)
    stack.recorder.put("sid-0", calls[:1])
    histories = stack.recorder.histories
    stale = histories.open(ACCOUNT, "sid-0")
    assert stale
    stack.recorder.add(shuffled(calls[4:9], 1))
    (wanted,) = stack.timelines.calls_of(ACCOUNT, "caller0", 9).calls
    histories.list(stale, summarise(stale.events))
    assert stack.timelines.calls_of(ACCOUNT, "caller0", 9).calls == [wanted]


def answered(stack: TimelineStack) -> tuple[Event, Event]:
    """Have a call be dialled; return what the platform tells of its answer, and an app of its end and session."""
    stack.recorder.add([dialled("sid-1", BEGAN)])
    told = event("sid-1", Kind.SDK_CALLBACK, BEGAN + 4_100, "bob", name="onCallEnded", session_id="session-1")
    return agent("sid-1", BEGAN + 4_000, "answered"), told


def row(stack: TimelineStack) -> tuple[Any, Any]:
    [found] = stack.timelines.calls_of(ACCOUNT, "bob", 9).calls
    return found["outcome"], found["session_ids"]


def test_a_call_whose_callee_turns_out_to_be_another_after_the_first_ones_app_has_told_is_the_others(
    stack: TimelineStack,
) -> None:
    stack.recorder.put("sid-1", [pushed("push-1", BEGAN + 300)])
    stack.recorder.add([event("push-1", Kind.SDK_CALLBACK, BEGAN + 900, "bob", name="x", session_id="session-1")])
    assert row(stack) == (None, ["session-1"])
    stack.recorder.add([dialled("sid-1", BEGAN, "alice", "carol")])
    assert [len(stack.timelines.calls_of(ACCOUNT, name, 9).calls) for name in ("alice", "bob", "carol")] == [1, 0, 1]
    (found,) = stack.timelines.calls_of(ACCOUNT, "carol", 9).calls
    assert found["session_ids"] == []


def test_a_summary_without_what_an_app_has_told_meanwhile_is_not_stored(stack: TimelineStack) -> None:
    by_platform, by_app = answered(stack)
    histories = stack.recorder.histories
    stack.recorder.entries.put(entries_of([by_platform]))
    alone = histories.open(ACCOUNT, "sid-1")
    stack.recorder.add([by_app])
    assert alone
    assert not histories.list(alone, summarise(alone.events))
    assert row(stack) == ("answered", ["session-1"])


def test_an_app_that_tells_while_the_platform_does_is_looked_at_once_more(stack: TimelineStack) -> None:
    by_platform, by_app = answered(stack)
    histories = stack.recorder.histories
    stack.recorder.entries.put(entries_of([by_app]))
    of_app = histories.open(ACCOUNT, "sid-1", ["bob"])
    stack.recorder.entries.put(entries_of([by_platform]))
    alone = histories.open(ACCOUNT, "sid-1")
    assert of_app
    assert alone
    assert histories.list(alone, summarise(alone.events))
    assert row(stack) == ("answered", [])
    assert not histories.list(of_app, summarise(of_app.events))  # it has read less of the platform's, so it looks again
    again = histories.open(ACCOUNT, "sid-1", ["bob"], whole=True)
    assert again
    assert histories.list(again, summarise(again.events))
    assert row(stack) == ("answered", ["session-1"])


@pytest.mark.parametrize("seed", [*range(6), *(pytest.param(one, marks=pytest.mark.long) for one in range(6, 40))])
def test_looks_at_a_call_in_any_interleaving_end_with_all_that_was_told(stack: TimelineStack, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    events, histories = call_of(0), stack.recorder.histories
    stack.recorder.answer("sid-0", events[0].at, "caller0", "callee0")
    looks: list[tuple[OpenedCall, str | None]] = []
    waiting = shuffled(events, seed)
    while waiting or looks:
        if waiting and chance.random() < 0.5:
            told = waiting.pop()
            for entry in entries_of([told]):
                stack.recorder.entries.put([entry])
                if told.call == "push-0":
                    stack.recorder.entries.point(ACCOUNT, "push-0", "sid-0")
                found = histories.open(ACCOUNT, "sid-0", [entry.told_by] if entry.told_by else None)
                looks += [(found, entry.told_by)] if found else []
        elif looks:
            opened, teller = looks.pop(chance.randrange(len(looks)))
            if not histories.list(opened, summarise(opened.events)):
                UpdateHistories(histories)(ACCOUNT, "sid-0", [teller])
    [found_row] = stack.timelines.calls_of(ACCOUNT, "callee0", 9).calls
    wanted = row_of("sid-0", "callee0", summarise(stack.timelines.read(ACCOUNT, "sid-0")))
    assert found_row == wanted
