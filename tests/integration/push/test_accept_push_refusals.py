"""Pushes that are not queued: without credentials, unusable, or when the queue does not answer."""

import socket
import threading
import time

import pytest

from tests.events import basic
from tests.fakes.aws_calls import before_each
from tests.integration.push.fields import FIELDS
from tests.patience import in_time, patience
from tests.push_stack import PushStack, jwt
from tests.sam_template import resources


@pytest.mark.parametrize("headers", [{}, basic("exotel", "another-token"), basic("exotel", "wrong")])
def test_without_this_accounts_credentials_nothing_is_queued(stack: PushStack, headers: dict[str, str]) -> None:
    status, answer = stack.post(FIELDS, headers=headers)

    assert (status, answer["http_code"]) == (401, 401)
    assert not stack.received()


@pytest.mark.parametrize(
    ("changes", "status", "code", "field"),
    [
        ({"subscriberName": "no such name"}, 422, "invalid_name", "subscriberName"),
        ({"payload": "no-dots"}, 422, "invalid_payload", "payload"),
        ({"payloadVersion": ""}, 422, "missing_field", "payloadVersion"),
        ({"payload": jwt() + "x" * 4000}, 413, "push_too_large", "payload"),
    ],
)
def test_an_unusable_push_is_refused_with_the_reason(
    stack: PushStack, changes: dict[str, str], status: int, code: str, field: str
) -> None:
    answered, answer = stack.post(FIELDS | changes)

    assert (answered, answer["code"], answer["field"]) == (status, code, field)
    assert not stack.received()


@pytest.mark.parametrize("body", [None, "", "{", "hello", b"\xff\xfe", b"--x"])
def test_an_unreadable_body_is_a_400(stack: PushStack, body: str | bytes | None) -> None:
    assert stack.post(body)[0] == 400


def test_a_body_larger_than_any_push_is_a_413(stack: PushStack) -> None:
    status, answer = stack.post("x" * 70_000)

    assert (status, answer["code"]) == (413, "body_too_large")


def test_an_empty_secret_is_named_in_the_error(stack: PushStack) -> None:
    stack.deployment.fill("WebhookSecret", {})

    status, answer = stack.post(FIELDS)

    assert (status, answer["code"]) == (503, "not_configured")


def test_a_queue_that_is_gone_is_a_503(stack: PushStack) -> None:
    stack.sqs.delete_queue(QueueUrl=stack.deployment.reference("PushQueue"))

    status, answer = stack.post(FIELDS)

    assert (status, answer["code"]) == (503, "not_queued")


def test_a_queue_that_hangs_is_a_503_within_three_seconds(stack: PushStack, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", f"http://127.0.0.1:{silent.getsockname()[1]}")
        function = stack.deployment.function("AcceptPushFunction")
        began = time.monotonic()
        status, answer = stack.post(FIELDS, function=function)
        took = time.monotonic() - began

    assert (status, answer["code"]) == (503, "not_queued")
    assert in_time(took, 3.0)


def test_whichever_call_hangs_the_answer_is_our_503(stack: PushStack) -> None:
    function, released = stack.deployment.function("AcceptPushFunction"), threading.Event()
    # like a name server that does not answer, which no timeout of a client bounds
    before_each(function.accept_push().queue._client, lambda *_: released.wait(patience(10)))
    assert resources("AWS::Serverless::Function")["AcceptPushFunction"]["Timeout"] > function.ANSWER_SECONDS
    function.ANSWER_SECONDS = 0.5

    status, answer = stack.post(FIELDS, function=function)
    released.set()

    assert (status, answer["code"]) == (503, "too_slow")
