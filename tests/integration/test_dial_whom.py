"""Dial Whom as API Gateway invokes it, against DynamoDB and Secrets Manager as moto plays them."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError

from switchboard.adapters import aws
from switchboard.adapters.call_contexts import DynamoCallContexts
from switchboard.adapters.subscribers import DynamoSubscribers
from switchboard.domain.calls import CallContext
from switchboard.domain.subscribers import Status, Subscriber
from tests.deployment import Deployment, deployed
from tests.events import basic, recorded, request

ROUTE = "/v1/accounts/{accountSid}/dialtonumber"
HOOK = "/v1/hooks/{secret}/accounts/{accountSid}/dialtonumber"
QUERY = "CallSid=c1&CallFrom=alice"
CREDENTIALS = basic("exotel", "local-webhook-token")
VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "dial_whom.json").read_text())["cases"]
WEBHOOKS = {
    "demo1m": {"user": "exotel", "password": "local-webhook-token", "path": "local-hook"},
    "second": {"user": "exotel", "password": "another-token", "path": "another-hook"},
}


def alice_sets(callee: str, account: str = "demo1m") -> None:
    now = time.time()
    context = CallContext(account, "alice", callee, "", int(now * 1000), int(now) + 60)
    DynamoCallContexts(aws.client("dynamodb"), "CallContextsTable").put(context)


@pytest.fixture
def stack() -> Iterator[Deployment]:
    with deployed(LateContextMs="0") as deployment:
        deployment.fill("WebhookSecret", WEBHOOKS)
        alice_sets("bob")
        yield deployment


def ask(stack: Deployment, query: str, headers: dict[str, str] | None = None, **event: Any) -> dict[str, Any]:
    path = event.pop("path", "/v1/accounts/demo1m/dialtonumber")
    made = request("GET", f"{path}?{query}", route=event.pop("route", ROUTE), headers=headers or {}, **event)
    answer: dict[str, Any] = stack.function("DialWhomFunction").handler(made, None)
    return answer


@pytest.mark.parametrize("case", VECTORS, ids=[case["name"] for case in VECTORS])
def test_every_vector_is_answered_as_exotel_needs_it(stack: Deployment, case: dict[str, Any]) -> None:
    answer = ask(stack, case["query"], CREDENTIALS | case["headers"])
    assert answer["statusCode"] == case["status"]
    if "body" in case:
        assert answer["body"] == case["body"]
    if "content_type" in case:
        assert answer["headers"]["Content-Type"] == case["content_type"]
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
    "headers", [{}, basic("exotel", "wrong"), basic("exotel", "another-token"), {"Authorization": "Basic %%%"}]
)
def test_without_this_accounts_credentials_nothing_is_told(stack: Deployment, headers: dict[str, str]) -> None:
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


@pytest.mark.parametrize(("form", "kind"), [("text", "text/plain"), ("json", "application/json")])
def test_the_format_can_be_fixed(form: str, kind: str) -> None:
    with deployed(LateContextMs="0", DialWhomFormat=form) as stack:
        stack.fill("WebhookSecret", WEBHOOKS)
        alice_sets("bob")
        for version in ({}, {"Exotel-Version": "1.0"}):
            answer = ask(stack, QUERY, CREDENTIALS | version)
            assert answer["headers"]["Content-Type"] == kind


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

    def hang(**_: object) -> None:
        raise ConnectTimeoutError(endpoint_url="https://dynamodb.example")

    app.dial_whom().contexts._client.meta.events.register("before-send.dynamodb", hang)
    event = request(
        "GET", "/v1/accounts/demo1m/dialtonumber?CallSid=c1&CallFrom=alice", route=ROUTE, headers=CREDENTIALS
    )
    assert app.handler(event, None)["statusCode"] == 503


def test_the_function_imports_nothing_that_the_caller_would_wait_for(stack: Deployment) -> None:
    heavy = {"pydantic", "httpx", "pyfcm", "cryptography", "jwt", "argon2", "boto3", "requests", "google"}
    code = "import sys, app; print(*{name.partition('.')[0] for name in sys.modules})"
    for folder in ("dial_whom", "accept_push"):
        run = subprocess.run(
            [sys.executable, "-c", code],
            cwd=f"functions/{folder}",
            env={"PYTHONPATH": "../../layers/switchboard", "POWERTOOLS_SERVICE_NAME": folder, "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
        )
        assert not heavy & set(run.stdout.split()), folder


def test_a_trace_that_cannot_be_left_neither_fails_nor_holds_up_the_answer() -> None:
    with deployed(LateContextMs="0", CustomFieldRouting="on") as stack:
        stack.fill("WebhookSecret", WEBHOOKS)
        subscribers = DynamoSubscribers(aws.client("dynamodb"), "SubscribersTable")
        subscribers.put(Subscriber("demo1m", "alice", Status.ACTIVE, "v1", "Alice", 0, 0))
        app = stack.function("DialWhomFunction")
        hanging, began = threading.Event(), time.monotonic()
        app.dial_whom().contexts._client.meta.events.register(
            "before-send.dynamodb.UpdateItem", lambda **_: hanging.wait(5)
        )
        event = request(
            "GET",
            f"/v1/accounts/demo1m/dialtonumber?{QUERY}&CustomField=carol",
            route=ROUTE,
            headers=CREDENTIALS,
        )
        answer = app.handler(event, None)
        took = time.monotonic() - began
        hanging.set()
    assert answer["body"] == "sip:carol"
    assert took < 2
