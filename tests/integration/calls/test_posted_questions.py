"""Dial Whom by POST: with parameters in the body, the query or both, in each form that Exotel sends."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.deployment import Deployment
from tests.dial_whom_stack import CREDENTIALS, HOOK, QUERY, ROUTE, ask
from tests.events import request

FIELDS = {"CallSid": "c1", "CallFrom": "sip:alice", "CallTo": "sip:08040408080"}
MULTIPART = "".join(f'--x\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in FIELDS.items())
PATH = "/v1/accounts/demo1m/dialtonumber"


def post(stack: Deployment, body: str | bytes | None, query: str = "", **headers: str) -> Any:
    made = request("POST", f"{PATH}?{query}", route=ROUTE, body=body, headers=CREDENTIALS | headers)
    return stack.function("DialWhomFunction").handler(made, None)


@pytest.mark.parametrize(
    ("body", "query"),
    [
        (urlencode(FIELDS), ""),
        (urlencode(FIELDS).encode(), ""),
        (f"{MULTIPART}--x--\r\n", ""),
        (json.dumps(FIELDS), ""),
        (None, urlencode(FIELDS)),
        ("", urlencode(FIELDS)),
        ("CallFrom=sip:alice", "CallSid=c1"),
        (urlencode(FIELDS), "CallFrom=sip:carol"),
        (json.dumps(FIELDS | {"Legs": [{"Status": "busy"}], "CustomField": None}), ""),
    ],
    ids=["form", "form as base64", "multipart", "json", "query", "query, no body", "both", "the body counts", "nested"],
)
def test_a_question_is_answered_as_by_get_wherever_it_stands(
    stack: Deployment, body: str | bytes | None, query: str
) -> None:
    answer = post(stack, body, query, **{"Content-Type": "application/x-www-form-urlencoded"})
    assert (answer["statusCode"], answer["body"]) == (200, "sip:bob")


def test_the_json_answer_is_the_same_as_by_get(stack: Deployment) -> None:
    version = {"Exotel-Version": "1.0"}
    by_get = ask(stack, urlencode(FIELDS), CREDENTIALS | version)
    assert post(stack, urlencode(FIELDS), **version) == by_get


def test_it_may_come_by_the_secret_path(stack: Deployment) -> None:
    for secret, status in (("local-hook", 200), ("another-hook", 401)):
        made = request("POST", f"/v1/hooks/{secret}/accounts/demo1m/dialtonumber", route=HOOK, body=urlencode(FIELDS))
        assert stack.function("DialWhomFunction").handler(made, None)["statusCode"] == status


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{", 400, "malformed_json"),
        (b"\xff\xfe", 400, "malformed_body"),
        ("x" * 70_000, 413, "body_too_large"),
        (json.dumps({"CallSid": {"a": 1}, "CallFrom": "alice"}), 422, "invalid_field"),
        ('{"CallSid": "\\ud800", "CallFrom": "\\ud800"}', 404, "no_one"),
        ("CallFrom=alice", 422, "invalid_field"),
    ],
)
def test_a_body_that_holds_no_question_is_refused(stack: Deployment, body: str | bytes, status: int, code: str) -> None:
    answer = post(stack, body)
    assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (status, code)


def test_without_credentials_the_body_is_not_read(stack: Deployment) -> None:
    made = request("POST", PATH, route=ROUTE, body="{", headers={})
    assert stack.function("DialWhomFunction").handler(made, None)["statusCode"] == 401


def test_a_get_with_a_body_is_answered_by_its_query(stack: Deployment) -> None:
    assert ask(stack, QUERY, CREDENTIALS, body="CallFrom=sip:carol")["body"] == "sip:bob"
