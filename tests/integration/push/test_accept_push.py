"""The push webhook as API Gateway invokes it, against SQS and Secrets Manager as moto plays them."""

import json
import socket
import subprocess
import sys
import threading
import time
from urllib.parse import urlencode

import pytest

from switchboard.adapters.push_queue import decode
from tests.events import basic, recorded, request
from tests.push_stack import CREDENTIALS, HOOK, PushStack, jwt, log_lines
from tests.sam_template import resources

FIELDS = {"subscriberName": "Dave", "payload": jwt(), "payloadVersion": "2.0"}
MULTIPART = "".join(
    f'--x1\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in FIELDS.items()
)
BODIES = {
    "json": (json.dumps(FIELDS), "application/json"),
    "json as base64": (json.dumps(FIELDS).encode(), "application/json"),
    "form": (urlencode(FIELDS).encode(), "application/x-www-form-urlencoded"),
    "multipart": (f"{MULTIPART}--x1--\r\n".encode(), "multipart/form-data; boundary=x1"),
    "json without a type": (json.dumps(FIELDS).encode(), ""),
    "form called json": (urlencode(FIELDS), "application/json"),
    "multipart called form": (f"{MULTIPART}--x1--\r\n", "application/x-www-form-urlencoded"),
}


@pytest.mark.parametrize(("body", "content_type"), BODIES.values(), ids=BODIES.keys())
def test_a_push_in_any_form_is_in_the_queue_byte_for_byte_when_200_is_said(
    stack: PushStack, body: str | bytes, content_type: str
) -> None:
    before = int(time.time() * 1000)
    status, answer = stack.post(body, headers=CREDENTIALS | {"Content-Type": content_type})

    (message,) = stack.received()
    queued = decode(message["Body"])
    assert (status, answer["http_code"], answer["pushId"]) == (200, 200, queued.push_id)
    assert (queued.account, queued.subscriber_name, queued.payload, queued.payload_version) == (
        "demo1m",
        *FIELDS.values(),
    )
    assert before <= queued.accepted_at <= int(time.time() * 1000)


def test_the_recorded_event_is_queued(stack: PushStack) -> None:
    answer = stack.deployment.function("AcceptPushFunction").handler(recorded("accept_push"), None)

    assert answer["statusCode"] == 200
    assert len(stack.received()) == 1


def test_each_push_has_an_id_of_its_own(stack: PushStack) -> None:
    function = stack.deployment.function("AcceptPushFunction")

    ids = {stack.post(FIELDS, function=function)[1]["pushId"] for _ in range(3)}

    assert len(ids) == 3


@pytest.mark.parametrize(("secret", "status"), [("local-hook", 200), ("another-hook", 401), ("wrong", 401)])
def test_the_secret_path_is_a_credential_too(stack: PushStack, secret: str, status: int) -> None:
    path = f"/v1/hooks/{secret}/accounts/demo1m/pushtoclient"
    answer = stack.deployment.function("AcceptPushFunction").handler(
        request("POST", path, route=HOOK, body=FIELDS), None
    )

    assert answer["statusCode"] == status
    assert len(stack.received()) == (status == 200)


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
def test_what_no_phone_could_use_is_refused_and_says_why(
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


def test_a_payload_version_sent_as_a_number_is_taken(stack: PushStack) -> None:
    stack.post(json.dumps(FIELDS).replace('"2.0"', "2"))

    (message,) = stack.received()
    assert decode(message["Body"]).payload_version == "2"


def test_an_unfilled_secret_is_said_to_be_one(stack: PushStack) -> None:
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
    assert took < 3.0


def test_whatever_hangs_the_answer_is_a_503_of_ours(stack: PushStack) -> None:
    function, released = stack.deployment.function("AcceptPushFunction"), threading.Event()
    hang = function.accept_push().queue._client.meta.events.register
    hang(
        "before-send.sqs", lambda **_: released.wait(10)
    )  # as a name server that does not answer, which no timeout bounds
    assert resources("AWS::Serverless::Function")["AcceptPushFunction"]["Timeout"] > function.ANSWER_SECONDS
    function.ANSWER_SECONDS = 0.5

    status, answer = stack.post(FIELDS, function=function)
    released.set()

    assert (status, answer["code"]) == (503, "too_slow")


def test_a_push_is_one_log_line_without_its_payload(stack: PushStack) -> None:
    with log_lines() as lines:
        stack.post(FIELDS)
        stack.post(FIELDS | {"payload": "not.a.secret"})

    logged = lines.getvalue()
    assert '"push_id"' in logged
    assert logged.count("\n") == 2
    assert FIELDS["payload"] not in logged
    assert "not.a.secret" not in logged


def test_the_hot_function_imports_neither_pydantic_nor_an_http_client() -> None:
    script = (
        "import runpy, sys; runpy.run_path('functions/accept_push/app.py');"
        "print(sorted({'pydantic', 'httpx', 'requests', 'boto3', 'google'} & set(sys.modules)))"
    )
    found = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": "layers/switchboard", "PATH": "/usr/bin"},
    )
    assert found.stdout.strip() == "[]"
