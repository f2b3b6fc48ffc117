"""Rules for every answer: documented, of the documented shape, and without internal details."""

from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from docs.openapi.document import document
from tests.fuzz.tries import TRIED
from tests.identity_stack import Answer

DOCUMENT = document()
TRACES = ("Traceback", 'File "', ".py", "botocore", "pydantic", "moto", "Error:", "site-packages")


@cache
def _responses(route: str) -> dict[str, Any]:
    method, path = route.split(" ")
    responses: dict[str, Any] = DOCUMENT["paths"][path][method.lower()]["responses"]
    return responses


@cache
def _schema(route: str, status: str) -> Draft202012Validator:
    content = _responses(route)[status]["content"]["application/json"]
    return Draft202012Validator(content["schema"] | {"components": DOCUMENT["components"]})


def judge(route: str, answer: Answer, secrets: frozenset[str]) -> None:
    """Fail for an answer that this route must never give."""
    TRIED[f"{answer.status // 100}xx"] += 1
    assert answer.status < 500, answer.text
    assert str(answer.status) in _responses(route), answer
    assert not [secret for secret in secrets if secret in answer.text]
    if answer.status >= 400:
        assert set(answer.body) - {"field", "detail"} == {"code", "message", "http_code", "request_id"}
        assert answer.body["code"] in _responses(route)[str(answer.status)]["x-codes"], answer.text
        words = answer.body["message"] + answer.body.get("detail", "")
        assert not [trace for trace in TRACES if trace in words], answer.text
    if answer.body is not None and "content" in _responses(route)[str(answer.status)]:
        assert answer.body["http_code"] == answer.status
        assert [problem.message for problem in _schema(route, str(answer.status)).iter_errors(answer.body)] == []
