"""The push webhook as API Gateway invokes it, against SQS and Secrets Manager in moto."""

import json
import time
from urllib.parse import urlencode

import pytest

from switchboard.pushes.push import Push
from switchboard.pushes.queued_push import decode
from tests.events import recorded, request
from tests.integration.push.fields import FIELDS
from tests.push_stack import CREDENTIALS, HOOK, PushStack, log_lines

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
def test_a_push_in_any_form_is_queued_byte_for_byte_before_the_200(
    stack: PushStack, body: str | bytes, content_type: str
) -> None:
    before = int(time.time() * 1000)
    status, answer = stack.post(body, headers=CREDENTIALS | {"Content-Type": content_type})

    (message,) = stack.received()
    queued = decode(message["Body"])
    assert isinstance(queued, Push)
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


def test_a_payload_version_sent_as_a_number_is_taken(stack: PushStack) -> None:
    stack.post(json.dumps(FIELDS).replace('"2.0"', "2"))

    (message,) = stack.received()
    queued = decode(message["Body"])
    assert isinstance(queued, Push)
    assert queued.payload_version == "2"


def test_a_push_is_one_log_line_without_its_payload(stack: PushStack) -> None:
    with log_lines() as lines:
        stack.post(FIELDS)
        stack.post(FIELDS | {"payload": "not.a.secret"})

    logged = lines.getvalue()
    assert '"push_id"' in logged
    assert logged.count("\n") == 2
    assert FIELDS["payload"] not in logged
    assert "not.a.secret" not in logged
