"""Rows of the functions that Exotel calls, while a caller or Exotel's queue waits."""

import json
from contextlib import nullcontext
from typing import Any
from urllib.parse import urlencode

from tests.dial_whom_stack import QUERY, WEBHOOKS, alice_sets
from tests.events import request
from tests.faults.fault_stack import ACCOUNT, FaultStack
from tests.faults.row import Row, Strike, answered, struck
from tests.faults.wire import DYNAMODB, FAULTS, SECRETS, SQS
from tests.metrics import values_in
from tests.push_stack import CREDENTIALS, jwt

PATH = "/v1/accounts/demo1m"
FIELDS = {"CallSid": "call1", "EventType": "terminal", "Status": "completed", "DateUpdated": "2019-11-23 22:00:37"}
UNAVAILABLE = dict.fromkeys(FAULTS, "503 `unavailable`, again after 1 s")
NOT_QUEUED = dict.fromkeys(FAULTS, "503 `not_queued`, again after 1 s")
GOES_ON = dict.fromkeys(FAULTS, "200")


def _dialled(stack: FaultStack) -> str:
    event = request("GET", f"{PATH}/dialtonumber?{QUERY}", route=f"{ACCOUNT}/dialtonumber", headers=CREDENTIALS)
    return answered(stack.ask("DialWhomFunction", event))


def dials(service: str) -> Strike:
    def strike(stack: FaultStack, url: str) -> str:
        stack.deployment.fill("WebhookSecret", WEBHOOKS)
        alice_sets("bob")
        with struck(service, url):
            return _dialled(stack)

    return strike


def still_bob(stack: FaultStack, _: str) -> None:
    assert _dialled(stack) == "200 sip:bob"


def _pushed() -> dict[str, Any]:
    body = {"subscriberName": "dave", "payload": jwt(), "payloadVersion": "2.0"}
    return request("POST", f"{PATH}/pushtoclient", route=f"{ACCOUNT}/pushtoclient", body=body, headers=CREDENTIALS)


def hand_over(stack: FaultStack, url: str) -> str:
    with struck("SQS", url):
        return answered(stack.ask("AcceptPushFunction", _pushed()))


def taken_again(stack: FaultStack, _: str) -> None:
    assert answered(stack.ask("AcceptPushFunction", _pushed())).startswith("200")
    assert stack.waiting("PushQueue") == 1


def call_event(method: str, service: str = "SQS") -> Strike:
    """Strike the service; SQS is needed only while the table of calls fails."""

    def strike(stack: FaultStack, url: str) -> str:
        stack.deployment.fill("WebhookSecret", WEBHOOKS)
        query, body = (f"?{urlencode(FIELDS)}", None) if method == "GET" else ("", json.dumps(FIELDS))
        headers = CREDENTIALS | {"Content-Type": "application/json"}
        event = request(method, f"{PATH}/callevents{query}", route=f"{ACCOUNT}/callevents", body=body, headers=headers)
        with struck(service, url), stack.without_calls() if service == "SQS" else nullcontext():
            return answered(stack.ask("AcceptCallEventFunction", event))

    return strike


def no_event(stack: FaultStack, _: str) -> None:
    assert not stack.waiting("TimelineQueue")
    assert not stack.items("CallsTable")


def queued(stack: FaultStack, _: str) -> None:
    assert stack.waiting("TimelineQueue") == 1


def counted_as_lost(stack: FaultStack, _: str) -> None:
    no_event(stack, "")
    assert values_in(stack.metrics, "EventLost") == [1]


CONTEXT = "the context, for the next question"
TOLD = "nothing, and Exotel is told so: it sends a StatusCallback again"
QUEUED = "the event, which waits in the queue"
AGAIN = "nothing, and Exotel is told so: sent again, it is taken"
LOST = "the call's way; the event is counted as lost"
DYNAMODB_STRIKES, SECRETS_STRIKE = dials("DYNAMODB"), dials("SECRETS_MANAGER")
UNSEEN, OF_APPLET = call_event("GET", "SECRETS_MANAGER"), "accept_call_event (applet)"
ROWS = (
    Row("DynamoDB", "dial_whom", DYNAMODB, 4.0, UNAVAILABLE, CONTEXT, DYNAMODB_STRIKES, still_bob, full_time=True),
    Row("Secrets Manager", "dial_whom", SECRETS, 4.0, UNAVAILABLE, CONTEXT, SECRETS_STRIKE, still_bob),
    Row("SQS", "accept_push", SQS, 5.0, NOT_QUEUED, AGAIN, hand_over, taken_again, full_time=True),
    Row("DynamoDB", "accept_call_event", DYNAMODB, 5.0, GOES_ON, QUEUED, call_event("POST", "DYNAMODB"), queued),
    Row("DynamoDB", OF_APPLET, DYNAMODB, 5.0, GOES_ON, QUEUED, call_event("GET", "DYNAMODB"), queued, full_time=True),
    Row("SQS", "accept_call_event", SQS, 5.0, NOT_QUEUED, TOLD, call_event("POST"), no_event),
    Row("SQS", OF_APPLET, SQS, 5.0, GOES_ON, LOST, call_event("GET"), counted_as_lost),
    Row("Secrets Manager", OF_APPLET, SECRETS, 5.0, GOES_ON, LOST, UNSEEN, counted_as_lost),
)
