"""From an ack, an event or a suspension to the cancel on the phone, through the functions' handlers."""

import json
import time
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from switchboard.aws import clients as aws
from switchboard.aws.json_client import JsonClient
from switchboard.calls.context import Asked, CallContext
from switchboard.calls.dynamodb import DynamoCallContexts
from switchboard.login.gate import session_tokens
from switchboard.pushes.ringing_calls import DynamoRingingCalls
from switchboard.subscribers.subscriber import Status, Subscriber, phone_key
from tests.events import request
from tests.patience import patience
from tests.push_stack import CREDENTIALS, PushStack, jwt, log_lines

SUBSCRIBER = "/v1/accounts/{accountSid}/subscribers/{name}"
KNOWS = frozenset({"cancel"})
PHONES = ("phone-1", "phone-2")


class Ringing:
    """A call of alice's that rings dave's two phones."""

    def __init__(self, stack: PushStack) -> None:
        self.stack = stack
        stack.deployment.fill("SessionSecret", {"key": "a-key-for-tests-that-is-long-enough"})
        for device_id in PHONES:
            stack.phone(device_id, phone=phone_key("demo1m", "dave", device_id), knows=KNOWS)
        contexts, now = DynamoCallContexts(aws.client("dynamodb"), "CallContextsTable"), int(time.time() * 1000)
        contexts.put(CallContext("demo1m", "alice", "dave", "", now, now // 1000 + 3_600))
        self.call_sid = uuid.uuid4().hex
        contexts.claim("demo1m", "alice", self.call_sid, Asked(now, 0, "context"))
        _, answer = stack.post({"subscriberName": "dave", "payload": jwt(self.call_sid), "payloadVersion": "2.0"})
        self.push_id = answer["pushId"]
        self._deliver()

    def session(self, device_id: str) -> dict[str, str]:
        tokens = session_tokens(self.stack.deployment.reference("SessionSecret"), 24)
        dave = Subscriber("demo1m", "dave", Status.ACTIVE, "v1", "dave", 0, 0)
        return {"Authorization": f"Bearer {tokens.issue(dave, device_id)[0]}"}

    def ack(self, body: Any, device_id: str = "phone-1") -> tuple[int, Any]:
        function = self.stack.deployment.function("IngestReportsFunction")
        path = f"/v1/accounts/demo1m/subscribers/dave/pushes/{self.push_id}/ack"
        route = f"{SUBSCRIBER}/pushes/{{pushId}}/ack"
        answer = function.handler(request("POST", path, route=route, body=body, headers=self.session(device_id)), None)
        return answer["statusCode"], json.loads(answer["body"])

    def event(self, **fields: str) -> int:
        """Send an event as Exotel's applets do."""
        function = self.stack.deployment.function("AcceptCallEventFunction")
        route = "/v1/accounts/{accountSid}/callevents"
        path = f"/v1/accounts/demo1m/callevents?{urlencode({'CallSid': self.call_sid, **fields})}"
        answer = function.handler(request("GET", path, route=route, headers=CREDENTIALS), None)
        return int(answer["statusCode"])

    def cancelled(self) -> dict[str, str]:
        """Deliver what is queued; return the reason that each phone got."""
        until = time.monotonic() + patience(20)
        while self.stack.waiting() and time.monotonic() < until:  # what must be tried again comes back in seconds
            if not self._deliver():
                time.sleep(0.05)
        accepted = self.stack.simulators.pushes.accepted()
        return {push.token: push.data["reason"] for push in accepted if push.data["type"] == "cancel"}

    def _deliver(self) -> bool:
        """Deliver the messages that are in sight; return whether there were any."""
        url, messages = self.stack.deployment.reference("PushQueue"), self.stack.received()
        again = self.stack.invoke(messages) if messages else []
        for message in messages:
            if message["MessageId"] not in again:
                self.stack.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return bool(messages)


def terminal(ringing: Ringing) -> None:
    assert ringing.event(CallFrom="sip:alice", DialWhomNumber="sip:dave", EventType="Terminal", Status="free") == 200


def without_caller(ringing: Ringing) -> None:
    assert ringing.event(DialWhomNumber="sip:dave", EventType="Terminal", Status="free") == 200


def passthru(ringing: Ringing) -> None:
    assert ringing.event(CallFrom="sip:alice", CallType="incomplete", DialCallStatus="no-answer") == 200


@pytest.mark.parametrize("end", [terminal, without_caller, passthru])
def test_both_phones_are_told_when_exotel_says_that_the_call_is_over(
    stack: PushStack, end: Callable[[Ringing], None]
) -> None:
    ringing = Ringing(stack)
    end(ringing)
    assert ringing.cancelled() == dict.fromkeys(PHONES, "ended")


def test_the_other_phone_is_told_when_one_answers_and_the_ack_still_answers_with_the_context(stack: PushStack) -> None:
    ringing = Ringing(stack)
    status, answer = ringing.ack({"state": "answered"})
    assert (status, answer["context"]["callerName"]) == (202, "alice")
    assert ringing.cancelled() == {"phone-2": "answeredElsewhere"}


@pytest.mark.parametrize("body", [None, {}, {"state": "ringing"}])
def test_an_ack_without_more_stops_nothing(stack: PushStack, body: Any) -> None:
    ringing = Ringing(stack)
    assert ringing.ack(body)[0] == 202
    assert ringing.cancelled() == {}


@pytest.mark.parametrize("state", ["hungup", "", None, 7, ["answered"]])
def test_an_unknown_state_is_refused(stack: PushStack, state: Any) -> None:
    ringing = Ringing(stack)
    status, answer = ringing.ack({"state": state})
    assert (status, answer["field"]) == (422, "state")
    assert ringing.cancelled() == {}


def test_an_applet_gets_its_200_while_the_phones_cannot_be_stopped(
    stack: PushStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    ringing = Ringing(stack)
    monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:9")
    with log_lines() as lines:
        terminal(ringing)
    assert "not stopped" in lines.getvalue()
    monkeypatch.delenv("AWS_ENDPOINT_URL_SQS")
    passthru(ringing)  # the next event of the call tries again
    assert ringing.cancelled() == dict.fromkeys(PHONES, "ended")


def test_a_ringing_call_is_found_by_caller_and_callsid_in_two_reads(
    stack: PushStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    ringing, call, asked = Ringing(stack), JsonClient.call, list[tuple[str, str]]()

    def watched(client: JsonClient, operation: str, **parameters: Any) -> dict[str, Any]:
        asked.append((operation, parameters.get("TableName", "")))
        return call(client, operation, **parameters)

    monkeypatch.setattr(JsonClient, "call", watched)
    terminal(ringing)

    assert [one for one in asked if one[1] in ("CallContextsTable", "DeliveriesTable")] == [
        ("GetItem", "CallContextsTable"),
        ("GetItem", "DeliveriesTable"),
    ]
    assert ("SendMessage", "") in asked


def test_no_item_of_a_ringing_call_has_a_token(stack: PushStack) -> None:
    Ringing(stack)
    items = stack.deployment.client("dynamodb").scan(TableName="DeliveriesTable")["Items"]
    (call,) = [item for item in items if item["sk"]["S"].startswith("ringing#")]
    assert "phone-1" not in str(call)
    found = DynamoRingingCalls(aws.client("dynamodb"), "DeliveriesTable").of("demo1m", "dave", 0, 5)
    assert [sorted(one.knowing) for one in found] == [sorted(phone_key("demo1m", "dave", one) for one in PHONES)]
