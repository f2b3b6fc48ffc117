"""PushQueue to phones as Lambda invokes it: DynamoDB and SQS in moto, FCM simulated over HTTP."""

import time

import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.sqs.models import sqs_backends

from local.simulators.faults import Fault
from switchboard.aws import clients as aws
from switchboard.pushes.deliver_push import LEASE_MS, START_WITHIN_MS
from switchboard.pushes.deliveries import DynamoDeliveries
from switchboard.pushes.fcm_client import SEND_SECONDS
from switchboard.timeline.event import Kind
from switchboard.timeline.event_json import decode
from switchboard.timeline.summary import summarise
from tests.benches.record_call import on_dynamodb
from tests.deployment import REGION
from tests.events import recorded
from tests.metrics import counted
from tests.push_stack import PushStack, jwt, log_lines, push
from tests.sam_template import resources


def test_a_push_posted_by_exotel_rings_all_of_the_subscribers_phones(stack: PushStack) -> None:
    for token in ("android", "iphone"):
        stack.phone(token)
    stack.phone("somebody else's", name="bob")
    fields = {"subscriberName": "dave", "payload": jwt(), "payloadVersion": "2.0"}

    stack.post(fields)
    assert not stack.invoke(stack.received())

    assert sorted(stack.rang()) == ["android", "iphone"]
    (data, _) = (accepted.message["data"] for accepted in stack.simulators.pushes.accepted())
    assert {name: data[name] for name in fields} == fields
    assert int(data["expiresAt"]) - int(data["sentAt"]) <= 30_000


def test_a_batch_is_delivered_side_by_side(stack: PushStack) -> None:
    stack.phone("android")
    stack.simulators.faults.add(Fault("fcm", delay_ms=400, times=10))

    assert not stack.run(*(push(f"call-{number}") for number in range(10)))

    times = [accepted.at / 1000 for accepted in stack.simulators.pushes.accepted()]
    assert len(times) == 10
    assert max(times) - min(times) < 3  # seconds; one after the other they would take four


def test_a_push_that_fcm_cannot_take_now_comes_back_and_rings_within_its_time(stack: PushStack) -> None:
    stack.phone("android")
    stack.phone("iphone")
    stack.simulators.faults.add(Fault("fcm", status=503, token="iphone"))
    function = stack.deployment.function("DeliverPushFunction")
    stack.queue(push())
    messages = stack.received()

    assert stack.invoke(messages, function) == [messages[0]["MessageId"]]
    assert stack.rang() == ["android"]
    assert not stack.invoke(messages, function)
    assert stack.rang() == ["android", "iphone"]
    assert [attempt.token for attempt in stack.simulators.pushes.attempts()].count("android") == 1


def test_a_push_that_must_come_back_does_so_after_one_to_three_seconds(stack: PushStack) -> None:
    stack.phone("android")
    stack.simulators.faults.add(Fault("fcm", status=503))

    assert len(stack.run(push())) == 1

    (message,) = sqs_backends[DEFAULT_ACCOUNT_ID][REGION].queues["PushQueue"].pending_messages
    assert 500 < message.visible_at - time.time() * 1000 <= 3_000


def test_the_same_push_queued_twice_rings_once(stack: PushStack) -> None:
    stack.phone("android")
    stack.queue(push(), push())

    for message in stack.received():
        assert not stack.invoke([message])

    assert stack.rang() == ["android"]


def test_a_push_that_another_environment_is_delivering_comes_back_and_rings_once(stack: PushStack) -> None:
    android = stack.phone("android")
    one, now = push(), int(time.time() * 1000)
    other = DynamoDeliveries(aws.client("dynamodb"), "DeliveriesTable")
    other.begin(one, now_ms=now, lease_ms=10_000, known_until_ms=one.accepted_at + 30_000)
    stack.queue(one)
    messages = stack.received()

    assert len(stack.invoke(messages)) == 1
    other.mark(one, android.key)
    other.end(one)

    assert not stack.invoke(messages)
    assert not stack.rang()


def test_a_push_older_than_the_ring_time_is_dropped_and_counted(
    stack: PushStack, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.phone("android")

    assert not stack.run(push(age=30.5))

    assert not stack.rang()
    assert not stack.reasons()
    assert counted(capsys, "StalePush") == [1.0]


@pytest.mark.parametrize("lost", ["the time", "the table and the queue"])
def test_events_that_cannot_be_reported_are_counted_and_bring_no_push_back(
    stack: PushStack, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    stack.phone("android")
    stack.queue(push())
    messages, function = stack.received(), stack.deployment.function("DeliverPushFunction")
    if lost == "the time":
        monkeypatch.setattr(function, "TIMEOUT_SECONDS", function.QUEUE_SECONDS)
    else:
        stack.deployment.client("dynamodb").delete_table(TableName="CallsTable")
        stack.sqs.delete_queue(QueueUrl=stack.deployment.reference("TimelineQueue"))
    with log_lines() as lines:
        assert not stack.invoke(messages, function)
    assert stack.rang() == ["android"]
    assert counted(capsys, "EventLost") == [2]
    assert '"message":"not reported"' in lines.getvalue().replace('": "', '":"')


@pytest.mark.parametrize("lost", ["the table", "the time to store"])
def test_events_that_the_table_does_not_take_wait_in_the_queue(
    stack: PushStack, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    stack.phone("android")
    stack.queue(push(), push("call-2"))
    messages, function = stack.received(), stack.deployment.function("DeliverPushFunction")
    if lost == "the table":
        stack.deployment.client("dynamodb").delete_table(TableName="CallsTable")
    else:
        monkeypatch.setattr(function, "STORE_SECONDS", function.TIMEOUT_SECONDS)
    assert not stack.invoke(messages, function)
    bodies = [message["Body"] for message in stack.received("TimelineQueue")]
    told = sorted([event.kind for event in decode(body)] for body in bodies)
    assert told == [[Kind.PUSH_ACCEPTED, Kind.PUSH_SENT]] * 2


def test_a_pushs_events_stand_under_the_call_that_dial_whom_answered(stack: PushStack) -> None:
    stack.phone("android")
    recorder = on_dynamodb()
    recorder.answer("sid-1", int(time.time() * 1000) - 400, callee="dave")
    assert not stack.run(push())
    events = recorder.timelines.read("demo1m", "sid-1")
    assert [event.kind for event in events] == [Kind.PUSH_ACCEPTED, Kind.PUSH_SENT]
    assert recorder.timelines.read("demo1m", push().push_id) == events
    assert summarise(events).call_sid == "sid-1"


def test_lease_sends_and_report_fit_into_the_time_that_the_template_gives(stack: PushStack) -> None:
    function = stack.deployment.function("DeliverPushFunction")
    properties = resources("AWS::Serverless::Function")["DeliverPushFunction"]
    assert properties["Timeout"] == function.TIMEOUT_SECONDS == LEASE_MS / 1000
    assert properties["Events"]["Queue"]["Properties"]["BatchSize"] == function.BATCH_SIZE
    assert START_WITHIN_MS / 1000 + SEND_SECONDS < function.TIMEOUT_SECONDS


def test_the_recorded_event_is_long_stale(stack: PushStack) -> None:
    function = stack.deployment.function("DeliverPushFunction")
    assert function.handler(recorded("deliver_push"), None) == {"batchItemFailures": []}
