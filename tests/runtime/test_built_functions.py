"""Every built function starts from the build alone, and answers in our format when AWS refuses."""

import json
import time
from pathlib import Path

import pytest

from tests.deployment import deployed
from tests.events import recorded
from tests.runtime.lambda_runtime import BUILD, running
from tests.runtime.outside_services import aws_at
from tests.sam_template import resources

FUNCTIONS = sorted(resources("AWS::Serverless::Function"))
API_FUNCTIONS = [
    name
    for name, function in sorted(resources("AWS::Serverless::Function").items())
    if any(event["Type"] == "HttpApi" for event in function["Events"].values())
]


NEEDS_NO_AWS = "RefuseUnknownFunction"
# Their events have a session that we did not sign, which is refused without a call to AWS.
BY_SESSION = ("CallContextFunction", "ManageDevicesFunction", "ListCallsFunction", "IngestReportsFunction")


def event_of(function: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in function.removesuffix("Function"))[1:]


def environment(function: str, endpoint: str) -> dict[str, str]:
    with deployed() as stack:
        variables = stack.environment(function)
    return aws_at(endpoint, function) | variables


REFUSING = "http://127.0.0.1:9"  # the discard port: nobody listens


@pytest.mark.parametrize("function", API_FUNCTIONS)
def test_an_api_function_answers_its_event_though_aws_refuses(function: str, tmp_path: Path) -> None:
    with running(function, environment(function, REFUSING), tmp_path) as runtime:
        answer = runtime.invoke(recorded(event_of(function)))
    wanted = (401, "no_session") if function in BY_SESSION else (503, "unavailable")
    if function == NEEDS_NO_AWS:
        wanted = (404, "unknown_route")
    assert (answer.answer["statusCode"], answer.body["code"]) == wanted
    assert answer.body["http_code"] == answer.answer["statusCode"]
    assert answer.body["request_id"]


def test_deliver_push_keeps_what_it_cannot_deliver(tmp_path: Path) -> None:
    event = recorded("deliver_push")
    for record in event["Records"]:  # pushes of this moment, not of the day when they were recorded
        record["body"] = json.dumps(json.loads(record["body"]) | {"acceptedAt": int(time.time() * 1000)})
    with running("DeliverPushFunction", environment("DeliverPushFunction", REFUSING), tmp_path) as runtime:
        answer = runtime.invoke(event)
    failed = [record["itemIdentifier"] for record in answer.answer["batchItemFailures"]]
    assert failed == [record["messageId"] for record in event["Records"]]


def test_unpack_logs_fails_where_aws_refuses_so_that_its_message_comes_back(tmp_path: Path) -> None:
    with running("UnpackLogsFunction", environment("UnpackLogsFunction", REFUSING), tmp_path) as runtime:
        answer = runtime.invoke(recorded("unpack_logs"))
    assert answer.answer["errorType"] == "EndpointConnectionError"


@pytest.mark.parametrize("built", [*FUNCTIONS, "DependenciesLayer", "SwitchboardLayer"])
def test_every_module_ships_with_byte_code_that_a_read_only_disk_accepts(built: str) -> None:
    sources = [path for path in (BUILD / built).rglob("*.py") if path.stem.isidentifier()]
    assert sources
    for source in sources:
        compiled = source.parent / "__pycache__" / f"{source.stem}.cpython-313.pyc"
        assert compiled.is_file(), source
        assert compiled.read_bytes()[4:8] == b"\1\0\0\0", source  # PEP 552: hash-based, unchecked
