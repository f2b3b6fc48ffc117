"""The call-event webhook as API Gateway invokes it, against SQS and Secrets Manager in moto."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest

from switchboard.timeline.event import Event
from switchboard.timeline.event_json import decode
from tests.deployment import Deployment, deployed
from tests.events import recorded, request
from tests.push_stack import CREDENTIALS, WEBHOOKS, log_lines
from tests.stored_events import stored_events

ROUTE = "/v1/accounts/{accountSid}/callevents"
PATH = "/v1/accounts/demo1m/callevents"
HOOK = "/v1/hooks/{secret}/accounts/{accountSid}/callevents"
FIELDS = {"CallSid": "call1", "EventType": "terminal", "Status": "completed", "DateUpdated": "2019-11-23 22:00:37"}
MULTIPART = "".join(f'--x\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in FIELDS.items())


@dataclass
class Webhook:
    deployment: Deployment
    function: Any

    def ask(self, event: dict[str, Any]) -> Any:
        return self.function.handler(event, None)

    def get(self, query: Mapping[str, str], headers: Mapping[str, str] = CREDENTIALS) -> Any:
        return self.ask(request("GET", f"{PATH}?{urlencode(query)}", route=ROUTE, headers=dict(headers)))

    def post(self, body: Any, headers: Mapping[str, str] = CREDENTIALS, query: str = "") -> Any:
        return self.ask(request("POST", PATH + query, route=ROUTE, body=body, headers=dict(headers)))

    def stored(self) -> Sequence[Event]:
        return stored_events(self.deployment.client("dynamodb"))

    def queued(self) -> Sequence[Event]:
        url = self.deployment.reference("TimelineQueue")
        messages = self.deployment.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        return [event for message in messages.get("Messages", []) for event in decode(message["Body"])]

    def lose(self, *parts: str) -> None:
        """Lose the table, the queue, or both."""
        if "table" in parts:
            self.deployment.client("dynamodb").delete_table(TableName="CallsTable")
        if "queue" in parts:
            self.deployment.client("sqs").delete_queue(QueueUrl=self.deployment.reference("TimelineQueue"))


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with deployed() as deployment:
        deployment.fill("WebhookSecret", WEBHOOKS)
        yield Webhook(deployment, deployment.function("AcceptCallEventFunction"))


def empty(answer: Mapping[str, Any]) -> bool:
    return (answer["statusCode"], answer["headers"]["Content-Type"], answer["body"]) == (200, "text/plain", "")


def test_the_recorded_event_is_stored_as_an_event_of_its_call(webhook: Webhook) -> None:
    assert empty(webhook.ask(recorded("accept_call_event")))

    (event,) = webhook.stored()
    assert (event.account, event.call, event.details["duration_s"]) == (
        *("demo1m", "743ddcf5a0552050bc37b6d0ff9613bn"),
        30,
    )


@pytest.mark.parametrize(
    ("query", "hook"),
    [
        ({"CallType": "incomplete", "DialCallStatus": "no-answer"}, "passthru"),
        ({"EventType": "Ringing", "Status": "busy", "DialWhomNumber": "sip:bob"}, "agent"),
    ],
)
def test_an_applets_get_is_an_event(webhook: Webhook, query: dict[str, str], hook: str) -> None:
    assert empty(webhook.get({"CallSid": "call1", "CallFrom": "sip:alice"} | query))

    (event,) = webhook.stored()
    assert (event.call, event.details["hook"], event.details["caller"]) == ("call1", hook, "alice")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (urlencode(FIELDS).encode(), "application/x-www-form-urlencoded"),
        (urlencode(FIELDS), "application/x-www-form-urlencoded"),
        (f"{MULTIPART}--x--\r\n".encode(), "multipart/form-data; boundary=x"),
        (json.dumps(FIELDS), "application/json"),
        (json.dumps(FIELDS).encode(), ""),
    ],
)
def test_a_status_callback_in_any_form_is_the_same_event(
    webhook: Webhook, body: str | bytes, content_type: str
) -> None:
    assert empty(webhook.post(body, CREDENTIALS | {"Content-Type": content_type}))

    (event,) = webhook.stored()
    assert (event.call, event.at, dict(event.details)) == (
        *("call1", 1_574_526_637_000),
        {"hook": "status", "event": "terminal", "status": "completed"},
    )


def test_what_the_query_says_counts_where_the_body_does_not(webhook: Webhook) -> None:
    assert empty(webhook.post("Status=completed", query="?CallSid=call1&Status=busy"))

    (event,) = webhook.stored()
    assert (event.call, event.details["status"]) == ("call1", "completed")


@pytest.mark.parametrize(("secret", "status"), [("local-hook", 200), ("another-hook", 401), ("wrong", 401)])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_secret_path_is_a_credential_too(webhook: Webhook, method: str, secret: str, status: int) -> None:
    path = f"/v1/hooks/{secret}/accounts/demo1m/callevents?CallSid=call1"

    assert webhook.ask(request(method, path, route=HOOK))["statusCode"] == status
    assert len(webhook.stored()) == (status == 200)


@pytest.mark.parametrize("route", [ROUTE, HOOK])
def test_head_is_answered_as_get_is_and_keeps_nothing(webhook: Webhook, route: str) -> None:
    path = route.format(secret="local-hook", accountSid="demo1m")
    assert empty(webhook.ask(request("HEAD", f"{path}?CallSid=call1", route=route, headers=dict(CREDENTIALS))))
    path = route.format(secret="wrong", accountSid="demo1m")
    assert webhook.ask(request("HEAD", f"{path}?CallSid=call1", route=route))["statusCode"] == 401
    assert not webhook.stored()


def test_a_head_request_while_table_and_queue_are_gone_loses_no_event(webhook: Webhook) -> None:
    webhook.lose("table", "queue")
    with log_lines() as lines:
        assert empty(webhook.ask(request("HEAD", f"{PATH}?CallSid=call1", route=ROUTE, headers=dict(CREDENTIALS))))
    assert "lost" not in lines.getvalue()


def test_without_credentials_nothing_is_stored_and_basic_is_asked_for(webhook: Webhook) -> None:
    for answer in (webhook.get(FIELDS, {}), webhook.post(FIELDS, {})):
        assert (answer["statusCode"], answer["headers"]["WWW-Authenticate"]) == (401, "Basic")
    assert not webhook.stored()


@pytest.mark.parametrize("query", [{}, {"CallSid": ""}, {"CallSid": "a b"}, {"CallType": "completed"}])
def test_an_applet_gets_200_for_an_event_that_cannot_be_stored(webhook: Webhook, query: dict[str, str]) -> None:
    with log_lines() as lines:
        assert empty(webhook.get(query))

    assert not webhook.stored()
    assert '"lost":"invalid_field"' in lines.getvalue().replace(": ", ":")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{", 400, "malformed_json"),
        (b"\xff\xfe", 400, "malformed_body"),
        ("Status=completed", 422, "invalid_field"),
        (json.dumps({"CallSid": {"a": 1}}), 422, "invalid_field"),
        ("x" * 70_000, 413, "body_too_large"),
    ],
)
def test_a_status_callback_that_cannot_be_stored_is_refused_with_the_reason(
    webhook: Webhook, body: str | bytes, status: int, code: str
) -> None:
    answer = webhook.post(body)

    assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (status, code)
    assert not webhook.stored()


def test_what_the_table_does_not_take_waits_in_the_queue(webhook: Webhook) -> None:
    webhook.lose("table")
    assert webhook.post(FIELDS)["statusCode"] == 200
    assert empty(webhook.get(FIELDS))
    assert [event.call for event in webhook.queued()] == [FIELDS["CallSid"]] * 2


def test_the_queue_is_not_needed_while_the_table_takes_events(webhook: Webhook) -> None:
    webhook.lose("queue")
    assert webhook.post(FIELDS)["statusCode"] == 200
    assert webhook.stored()


def test_without_table_and_queue_a_status_callback_gets_503_and_an_applet_200(webhook: Webhook) -> None:
    webhook.lose("table", "queue")

    assert webhook.post(FIELDS)["statusCode"] == 503
    assert empty(webhook.get(FIELDS))
