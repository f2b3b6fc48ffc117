"""Dial Whom's gate, and its answers when a dependency fails."""

import json
import threading
import time
from typing import Any

import pytest

from switchboard.aws import clients as aws
from switchboard.aws.errors import ConnectTimeoutError
from switchboard.subscribers.dynamodb import DynamoSubscribers
from switchboard.subscribers.subscriber import Status, Subscriber
from tests.deployment import Deployment, deployed
from tests.dial_whom_stack import CREDENTIALS, HOOK, QUERY, ROUTE, WEBHOOKS, alice_sets, ask
from tests.events import basic, request
from tests.fakes.aws_calls import before_each
from tests.patience import in_time, patience


@pytest.mark.parametrize(
    "headers", [{}, basic("exotel", "wrong"), basic("exotel", "another-token"), {"Authorization": "Basic %%%"}]
)
def test_without_this_accounts_credentials_no_answer_is_given(stack: Deployment, headers: dict[str, str]) -> None:
    answer = ask(stack, "CallSid=c1&CallFrom=sip:alice", headers)
    assert answer["statusCode"] == 401
    assert json.loads(answer["body"])["code"] == "wrong_credentials"


def test_one_accounts_credentials_open_no_other_account(stack: Deployment) -> None:
    path = "/v1/accounts/second/dialtonumber"
    alice_sets("mallory", account="second")
    assert ask(stack, QUERY, CREDENTIALS, path=path)["statusCode"] == 401
    assert ask(stack, QUERY, basic("exotel", "another-token"), path=path)["body"] == "sip:mallory"


def test_the_secret_path_is_a_credential_of_its_own(stack: Deployment) -> None:
    def by_path(secret: str) -> dict[str, Any]:
        return ask(stack, QUERY, route=HOOK, path=f"/v1/hooks/{secret}/accounts/demo1m/dialtonumber")

    assert by_path("local-hook")["body"] == "sip:bob"
    assert by_path("another-hook")["statusCode"] == 401


def test_only_exotels_addresses_may_ask_where_they_are_named() -> None:
    with deployed(LateContextMs="0", ExotelAddresses="198.51.100.0/24, 2001:db8::/32") as stack:
        stack.fill("WebhookSecret", WEBHOOKS)
        alice_sets("bob")
        assert ask(stack, QUERY, CREDENTIALS, source="198.51.100.9")["statusCode"] == 200
        assert ask(stack, QUERY, CREDENTIALS, source="203.0.113.7")["statusCode"] == 403
        assert ask(stack, QUERY, CREDENTIALS, source="")["statusCode"] == 403


def test_an_empty_secret_is_a_503_that_says_what_to_run() -> None:
    with deployed() as stack:
        answer = ask(stack, QUERY, CREDENTIALS)
        assert answer["statusCode"] == 503
        assert "switchboard setup" in json.loads(answer["body"])["message"]


def test_dynamodb_failing_is_a_503_of_ours(stack: Deployment) -> None:
    app = stack.function("DialWhomFunction")
    stack.client("dynamodb").delete_table(TableName="CallContextsTable")
    event = request(
        "GET", "/v1/accounts/demo1m/dialtonumber?CallSid=c1&CallFrom=alice", route=ROUTE, headers=CREDENTIALS
    )
    answer = app.handler(event, None)
    assert (answer["statusCode"], answer["headers"]["Retry-After"]) == (503, "1")
    assert json.loads(answer["body"])["code"] == "unavailable"


def test_dynamodb_timing_out_is_a_503_too(stack: Deployment) -> None:
    app = stack.function("DialWhomFunction")

    def hang(*_: object) -> None:
        raise ConnectTimeoutError

    before_each(app.dial_whom().contexts._client, hang)
    event = request(
        "GET", "/v1/accounts/demo1m/dialtonumber?CallSid=c1&CallFrom=alice", route=ROUTE, headers=CREDENTIALS
    )
    assert app.handler(event, None)["statusCode"] == 503


def test_a_trace_that_cannot_be_written_does_not_delay_the_answer() -> None:
    with deployed(LateContextMs="0", CustomFieldRouting="on") as stack:
        stack.fill("WebhookSecret", WEBHOOKS)
        subscribers = DynamoSubscribers(aws.client("dynamodb"), "SubscribersTable")
        subscribers.put(Subscriber("demo1m", "alice", Status.ACTIVE, "v1", "Alice", 0, 0))
        app = stack.function("DialWhomFunction")
        hanging, began = threading.Event(), time.monotonic()
        before_each(app.dial_whom().contexts._client, lambda *_: hanging.wait(patience(5)), "UpdateItem")
        event = request(
            "GET",
            f"/v1/accounts/demo1m/dialtonumber?{QUERY}&CustomField=to:carol",
            route=ROUTE,
            headers=CREDENTIALS,
        )
        answer = app.handler(event, None)
        took = time.monotonic() - began
        hanging.set()
    assert answer["body"] == "sip:carol"
    assert in_time(took, 2)
