import json
from typing import Any

import pytest

from switchboard.aws.errors import ClientError, ConnectTimeoutError, ReadTimeoutError
from switchboard.foundation import errors
from switchboard.web.http import STATUSES, Reply, api
from switchboard.web.request import Request

EVENT = {"routeKey": "GET /x", "requestContext": {"requestId": "r1"}}


def answer_of(outcome: Reply | Exception, event: dict[str, Any] = EVENT) -> dict[str, Any]:
    def route(_: Request) -> Reply:
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return api({"GET /x": route})(event, None)


def test_a_mapping_becomes_json_with_its_status_and_request_id() -> None:
    answer = answer_of(Reply({"a": "ä"}, 201))
    assert answer["headers"]["Content-Type"] == "application/json; charset=utf-8"
    assert json.loads(answer["body"]) == {"a": "ä", "http_code": 201, "request_id": "r1"}


def test_a_string_becomes_plain_text_as_it_is() -> None:
    answer = answer_of(Reply("sip:bob"))
    assert (answer["headers"]["Content-Type"], answer["body"]) == ("text/plain", "sip:bob")


def test_no_body_is_none() -> None:
    assert answer_of(Reply(status=204)) == {"statusCode": 204, "headers": {}, "body": ""}


@pytest.mark.parametrize(("kind", "status"), STATUSES.items())
def test_every_error_has_its_status_code_and_message(kind: type[errors.SwitchboardError], status: int) -> None:
    answer = answer_of(kind("a_code", "what was wrong", field="f", retry_after=7))
    assert answer["statusCode"] == status
    assert answer["headers"]["Retry-After"] == "7"
    assert json.loads(answer["body"]) == {
        "code": "a_code",
        "message": "what was wrong",
        "field": "f",
        "http_code": status,
        "request_id": "r1",
    }


@pytest.mark.parametrize(
    "outcome",
    [
        errors.NotFoundError("a_code", "what was wrong"),
        errors.MalformedRequestError("a_code", "what was wrong"),
        ClientError({"Error": {"Code": "Throttled"}}, "GetItem"),
        RuntimeError("a defect"),
    ],
)
def test_a_route_may_format_all_its_refusals(outcome: Exception) -> None:
    def route(_: Request) -> Reply:
        raise outcome

    shaped = api({"GET /x": route, "GET /y": route}, refusals={"GET /x": lambda body: {"why": body["message"]}})
    answer, plain = shaped(EVENT, None), shaped(EVENT | {"routeKey": "GET /y"}, None)
    assert answer["statusCode"] == plain["statusCode"] >= 400
    said, plainly = json.loads(answer["body"]), json.loads(plain["body"])
    assert said == {"why": plainly["message"], "http_code": answer["statusCode"], "request_id": "r1"}
    assert plainly["code"]


def test_a_success_answer_keeps_its_format() -> None:
    answer = api({"GET /x": lambda _: Reply({"a": 1})}, refusals={"GET /x": lambda _: {}})(EVENT, None)
    assert json.loads(answer["body"])["a"] == 1


def test_every_kind_of_error_is_mapped() -> None:
    def kinds(root: type[errors.SwitchboardError]) -> set[type[errors.SwitchboardError]]:
        return {root}.union(*(kinds(kind) for kind in root.__subclasses__()))

    for kind in kinds(errors.SwitchboardError) - {errors.SwitchboardError}:
        assert any(base in STATUSES for base in kind.__mro__), kind


def test_a_401_names_the_accepted_scheme() -> None:
    assert answer_of(errors.UnauthorizedError("a", "b"))["headers"]["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "fault",
    [
        ClientError({"Error": {"Code": "ThrottlingException", "Message": "secret text"}}, "GetItem"),
        ConnectTimeoutError("https://secret.example"),
        ReadTimeoutError("https://secret.example"),
    ],
)
def test_an_aws_error_is_a_503_without_details(fault: Exception) -> None:
    answer = answer_of(fault)
    assert (answer["statusCode"], answer["headers"]["Retry-After"]) == (503, "1")
    assert "secret" not in answer["body"]


def test_any_other_exception_is_a_500_without_details() -> None:
    answer = answer_of(RuntimeError("secret text"))
    assert answer["statusCode"] == 500
    assert "secret" not in answer["body"]


def test_a_route_that_the_function_does_not_serve_is_a_404() -> None:
    assert answer_of(Reply(), EVENT | {"routeKey": "GET /y"})["statusCode"] == 404


def test_every_invocation_writes_one_line(caplog: pytest.LogCaptureFixture) -> None:
    answer_of(errors.ForbiddenError("not_yours", "no"))
    assert [
        (line.message, vars(line)["status"], vars(line)["code"], vars(line)["route"]) for line in caplog.records
    ] == [("served", 403, "not_yours", "GET /x")]


def test_an_answer_can_be_encoded_whatever_it_quotes() -> None:
    answer = answer_of(errors.InvalidFieldError("invalid_field", "a\ud800 is not valid", field="a\ud800"))
    assert json.loads(answer["body"].encode())["field"] == "a?"
    assert answer_of(Reply({"message": "é"}))["body"].startswith('{"message":"é"')
