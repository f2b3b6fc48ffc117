"""Dial Whom as API Gateway invokes it, against DynamoDB and Secrets Manager in moto."""

import json
from pathlib import Path
from typing import Any

import pytest

from switchboard.aws import clients as aws
from switchboard.subscribers.dynamodb import DynamoSubscribers
from switchboard.subscribers.subscriber import Status, Subscriber
from tests.deployment import Deployment, deployed
from tests.dial_whom_stack import CREDENTIALS, QUERY, WEBHOOKS, alice_sets, ask
from tests.events import recorded

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "dial_whom.json").read_text())["cases"]


@pytest.mark.parametrize("case", VECTORS, ids=[case["name"] for case in VECTORS])
def test_every_vector_is_answered_as_exotel_needs_it(stack: Deployment, case: dict[str, Any]) -> None:
    answer = ask(stack, case["query"], CREDENTIALS | case["headers"])
    assert answer["statusCode"] == case["status"]
    if "body" in case:
        assert answer["body"] == case["body"]
    if "content_type" in case:
        assert answer["headers"]["Content-Type"].partition(";")[0] == case["content_type"]
    for key, value in case.get("json", {}).items():
        assert json.loads(answer["body"])[key] == value


def test_the_recorded_event_is_answered(stack: Deployment) -> None:
    answer = stack.function("DialWhomFunction").handler(recorded("dial_whom"), None)
    assert (answer["statusCode"], answer["body"]) == (200, "sip:bob")


def test_a_json_answer_carries_the_envelope_and_the_exophone(stack: Deployment) -> None:
    headers = CREDENTIALS | {"Exotel-Version": "1.0"}
    body = json.loads(ask(stack, "CallSid=c1&CallFrom=sip:alice&CallTo=sip:08040408080", headers)["body"])
    assert body["http_code"] == body["code"] == 200
    assert body["request_id"] == "request-1"
    assert body["outgoing_phone_number"] == "08040408080"


def test_the_exophone_of_the_secret_wins(stack: Deployment) -> None:
    stack.fill("WebhookSecret", {"demo1m": WEBHOOKS["demo1m"] | {"outgoing_phone_number": "+918040408080"}})
    headers = CREDENTIALS | {"Exotel-Version": "1.0"}
    body = json.loads(ask(stack, "CallSid=c1&CallFrom=sip:alice&CallTo=sip:08040408080", headers)["body"])
    assert body["outgoing_phone_number"] == "+918040408080"


@pytest.mark.parametrize(
    ("call_to", "number"),
    [("sip:+918040408080", "+918040408080"), ("sip:%2B918040408080", "+918040408080"), ("sip:" + "x" * 5000, None)],
)
def test_only_a_number_is_named_as_the_exophone(stack: Deployment, call_to: str, number: str | None) -> None:
    body = json.loads(ask(stack, f"{QUERY}&CallTo={call_to}", CREDENTIALS | {"Exotel-Version": "1.0"})["body"])
    assert body.get("outgoing_phone_number") == number


@pytest.mark.parametrize(
    ("query", "field"),
    [("CallFrom=alice", "CallSid"), ("CallSid=c1", "CallFrom"), ("CallSid=c1&CallFrom=sip:", "CallFrom")],
)
def test_a_question_without_its_needed_parts_is_refused_by_name(stack: Deployment, query: str, field: str) -> None:
    answer = ask(stack, query, CREDENTIALS)
    assert answer["statusCode"] == 422
    assert json.loads(answer["body"])["field"] == field


def test_a_suspended_callee_is_nobody(stack: Deployment) -> None:
    bob = Subscriber("demo1m", "bob", Status.INACTIVE, "v1", "Bob", 0, 0)
    DynamoSubscribers(aws.client("dynamodb"), "SubscribersTable").put(bob)
    assert ask(stack, QUERY, CREDENTIALS)["statusCode"] == 404
    answer = ask(stack, QUERY, CREDENTIALS | {"Exotel-Version": "1.0"})
    assert json.loads(answer["body"])["destination"] == {"numbers": []}


@pytest.mark.parametrize(("form", "kind"), [("text", "text/plain"), ("json", "application/json; charset=utf-8")])
def test_the_format_can_be_fixed(form: str, kind: str) -> None:
    with deployed(LateContextMs="0", DialWhomFormat=form) as stack:
        stack.fill("WebhookSecret", WEBHOOKS)
        alice_sets("bob")
        for version in ({}, {"Exotel-Version": "1.0"}):
            answer = ask(stack, QUERY, CREDENTIALS | version)
            assert answer["headers"]["Content-Type"] == kind
