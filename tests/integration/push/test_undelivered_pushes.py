"""Pushes that reach no phone: their outcome, and what operators can see of it."""

import json

import pytest

from local.simulators.faults import Fault
from switchboard.subscribers.subscriber import TokenType
from tests.metrics import counted
from tests.push_stack import PushStack, jwt, log_lines, push


def test_an_unregistered_token_is_gone_afterwards(stack: PushStack) -> None:
    stack.phone("android")
    stack.phone("iphone")
    stack.simulators.faults.add(Fault("fcm", error_code="UNREGISTERED", token="android"))

    assert not stack.run(push())

    assert set(stack.registered()) == {"iphone"}
    assert not stack.reasons()


def test_a_device_of_another_sender_is_disabled_counted_and_left_alone(
    stack: PushStack, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.phone("android")
    stack.simulators.faults.add(Fault("fcm", error_code="SENDER_ID_MISMATCH"))

    stack.run(push())
    assert counted(capsys, "DeviceDisabled") == [1.0]
    stack.run(push("call-2"))

    assert stack.registered()["android"].disabled_reason == "403 SENDER_ID_MISMATCH"
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
def test_a_permanent_failure_is_a_dead_letter_with_its_reason(stack: PushStack, fault: Fault, reason: str) -> None:
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


@pytest.mark.parametrize(
    ("token", "kind", "missing"), [("ab" * 32, TokenType.APNS_VOIP, "apns"), ("android", TokenType.FCM, "fcm")]
)
def test_a_token_whose_service_is_not_set_up_is_recorded_as_unsupported(
    stack: PushStack, token: str, kind: TokenType, missing: str
) -> None:
    stack.configure(**{missing: None})
    stack.phone(token, kind=kind)

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


def test_an_unexpected_exception_is_logged_with_its_trace_and_keeps_the_push(stack: PushStack) -> None:
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


def test_the_log_line_and_the_metrics_hold_the_outcome_but_neither_token_nor_payload(
    stack: PushStack, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.phone("android-token")

    with log_lines() as lines:
        stack.run(push())

    logged, printed = lines.getvalue(), capsys.readouterr().out
    (line,) = map(json.loads, logged.splitlines())
    assert (line["account"], line["subscriber"], line["push_id"]) == ("demo1m", "dave", push().push_id)
    assert (line["outcomes"], line["receives"]) == ({"accepted": 1}, 1)
    assert "retry_after" not in line
    for secret in ("android-token", jwt(), "call-1\\"):
        assert secret not in logged + printed
    metrics = [json.loads(text) for text in printed.splitlines()]
    (outcome,) = (metric for metric in metrics if "PushOutcome" in metric)
    assert (outcome["outcome"], outcome["service"], outcome["PushOutcome"]) == ("accepted", "deliver_push", [1.0])
    (latency,) = (metric["PushLatency"] for metric in metrics if "PushLatency" in metric)
    assert 0 <= latency[0] < 30_000
