"""PushQueue to phones as Lambda invokes it: DynamoDB and SQS as moto plays them, FCM simulated over HTTP."""

import json
import time

import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.sqs.models import sqs_backends

from local.faults import Fault
from switchboard.adapters import aws
from switchboard.adapters.deliveries import DynamoDeliveries
from switchboard.domain.subscribers import TokenType
from tests.deployment import REGION
from tests.events import recorded
from tests.push_stack import PushStack, jwt, log_lines, push


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

    times = [accepted.at for accepted in stack.simulators.pushes.accepted()]
    assert len(times) == 10
    assert max(times) - min(times) < 1_000


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
    other.begin(one, now_ms=now, lease_ms=10_000, rings_until_ms=one.accepted_at + 30_000)
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


def test_the_recorded_event_is_long_stale(stack: PushStack) -> None:
    function = stack.deployment.function("DeliverPushFunction")
    assert function.handler(recorded("deliver_push"), None) == {"batchItemFailures": []}


def test_an_unregistered_token_is_gone_afterwards(stack: PushStack) -> None:
    stack.phone("android")
    stack.phone("iphone")
    stack.simulators.faults.add(Fault("fcm", error_code="UNREGISTERED", token="android"))

    assert not stack.run(push())

    assert set(stack.registered()) == {"iphone"}
    assert not stack.reasons()


def test_a_device_of_another_sender_is_set_aside_counted_and_left_alone(
    stack: PushStack, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.phone("android")
    stack.simulators.faults.add(Fault("fcm", error_code="SENDER_ID_MISMATCH"))

    stack.run(push())
    assert counted(capsys, "DeviceSetAside") == [1.0]
    stack.run(push("call-2"))

    assert stack.registered()["android"].set_aside == "403 SENDER_ID_MISMATCH"
    assert not stack.rang()


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault("fcm", status=400), "400 INVALID_ARGUMENT"),
        (Fault("fcm", status=404), "404"),
        (Fault("fcm", status=403), "403"),
        (Fault("fcm", status=401, times=2), "401"),
        (Fault("fcm", error_code="THIRD_PARTY_AUTH_ERROR"), "401 THIRD_PARTY_AUTH_ERROR"),
        (Fault("fcm-oauth", status=400, error_code="invalid_grant"), "OAuth 400 invalid_grant"),
    ],
)
def test_what_no_retry_can_mend_is_a_dead_letter_with_its_reason(stack: PushStack, fault: Fault, reason: str) -> None:
    stack.phone("android")
    stack.simulators.faults.add(fault)

    assert not stack.run(push())

    assert stack.reasons() == [reason]
    assert set(stack.registered()) == {"android"}


@pytest.mark.parametrize("body", ["{", "[]", '{"account": "demo1m"}'])
def test_a_malformed_message_is_a_dead_letter_and_does_not_hold_up_the_batch(stack: PushStack, body: str) -> None:
    stack.phone("android")
    stack.queue_body(body)

    assert not stack.run(push())

    assert stack.rang() == ["android"]
    (reason,) = stack.reasons()
    assert reason.startswith("no push in the message")


def test_a_subscriber_without_a_phone_is_recorded_as_such(stack: PushStack, capsys: pytest.CaptureFixture[str]) -> None:
    with log_lines() as lines:
        assert not stack.run(push(name="erin"))

    assert json.loads(lines.getvalue())["outcomes"] == {"no-device": 1}
    assert counted(capsys, "PushOutcome") == [1]


def test_an_apns_token_is_recorded_as_unsupported(stack: PushStack) -> None:
    stack.phone("ab" * 32, kind=TokenType.APNS)

    with log_lines() as lines:
        assert not stack.run(push())

    assert json.loads(lines.getvalue())["outcomes"] == {"unsupported-token": 1}
    assert not stack.simulators.pushes.attempts()


def test_an_unfilled_secret_keeps_the_push_while_it_rings_and_says_what_to_run(stack: PushStack) -> None:
    stack.phone("android")
    stack.deployment.fill("PushSecret", {})

    with log_lines() as lines:
        assert len(stack.run(push())) == 1

    assert "switchboard setup" in lines.getvalue()
    assert not stack.reasons()


def test_a_table_that_is_gone_keeps_the_push(stack: PushStack) -> None:
    stack.phone("android")
    stack.deployment.client("dynamodb").delete_table(TableName="DeliveriesTable")

    with log_lines() as lines:
        assert len(stack.run(push())) == 1

    assert json.loads(lines.getvalue())["outcomes"] == {"retry": 1}


def test_a_fault_that_nobody_foresaw_is_logged_with_its_trace_and_keeps_the_push(stack: PushStack) -> None:
    android = stack.phone("android")
    item = {"pk": {"S": "demo1m#dave"}, "sk": {"S": f"device#{android.key}"}, "token": {"S": "android"}}
    stack.deployment.client("dynamodb").put_item(
        TableName="SubscribersTable", Item=item | {"token_type": {"S": "pager"}, "registered_at": {"N": "1"}}
    )

    with log_lines() as lines:
        assert len(stack.run(push())) == 1

    trace, line = map(json.loads, lines.getvalue().splitlines())
    assert "'pager' is not a valid TokenType" in trace["exception"]
    assert (line["outcomes"], line["reasons"]) == ({"retry": 1}, ["ValueError"])
    assert 1 <= line["retry_after"] <= 3


def test_the_log_line_and_the_metrics_tell_the_outcome_but_neither_token_nor_payload(
    stack: PushStack, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.phone("android-token")

    with log_lines() as lines:
        stack.run(push())

    logged, printed = lines.getvalue(), capsys.readouterr().out
    (line,) = map(json.loads, logged.splitlines())
    assert (line["account"], line["subscriber"], line["push_id"]) == ("demo1m", "dave", "push-of-call-1")
    assert (line["outcomes"], line["receives"]) == ({"accepted": 1}, 1)
    assert "retry_after" not in line
    for secret in ("android-token", jwt(), "call-1\\"):
        assert secret not in logged + printed
    metrics = [json.loads(text) for text in printed.splitlines()]
    (outcome,) = (metric for metric in metrics if "PushOutcome" in metric)
    assert (outcome["outcome"], outcome["service"], outcome["PushOutcome"]) == ("accepted", "deliver_push", [1.0])
    (latency,) = (metric["PushLatency"] for metric in metrics if "PushLatency" in metric)
    assert 0 <= latency[0] < 30_000


def counted(capsys: pytest.CaptureFixture[str], name: str) -> list[float]:
    """Return the values of a metric in what was printed since the last look."""
    metrics = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    return [value for metric in metrics for value in metric.get(name, [])]
