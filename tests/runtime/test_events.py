"""Every built function handles its event, and survives an invalid one."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from switchboard.timeline.event import Kind
from switchboard.timeline.items import EVENT, events_in
from tests.events import recorded
from tests.runtime.lambda_runtime import running
from tests.runtime.outside_services import OutsideServices, outside_services
from tests.runtime.test_built_functions import API_FUNCTIONS, NEEDS_NO_AWS, event_of

NO_FAILURES: dict[str, Any] = {"batchItemFailures": []}


@pytest.fixture(scope="module")
def services() -> Iterator[OutsideServices]:
    with outside_services() as made:
        yield made


@pytest.mark.parametrize("function", API_FUNCTIONS)
def test_an_api_function_answers_its_event_and_refuses_a_route_that_is_not_its_own(
    services: OutsideServices, function: str, tmp_path: Path
) -> None:
    event = recorded(event_of(function))
    with running(function, services.environment(function), tmp_path) as runtime:
        good = runtime.invoke(event if function == "VendTokenFunction" else services.of_alice(event))
        bad = runtime.invoke({"routeKey": "GET /v1/nothing", "requestContext": {"requestId": "r"}})
    assert good.answer["statusCode"] in ((404,) if function == NEEDS_NO_AWS else (200, 201)), good.answer
    assert (bad.answer["statusCode"], bad.body["code"]) == (404, "unknown_route")


def test_deliver_push_rings_the_phone_and_rejects_what_holds_no_push(services: OutsideServices, tmp_path: Path) -> None:
    good, bad = recorded("deliver_push"), recorded("deliver_push")
    (record,) = good["Records"]
    record["body"] = json.dumps(json.loads(record["body"]) | {"acceptedAt": int(time.time() * 1000)})
    bad["Records"][0]["body"] = "gossip"
    with running("DeliverPushFunction", services.environment("DeliverPushFunction"), tmp_path) as runtime:
        answers = [runtime.invoke(event).answer for event in (good, bad)]
    assert answers == [NO_FAILURES] * 2
    assert services.stack.rang() == ["android"]
    assert services.stack.reasons() == ["no push in the message: JSONDecodeError"]


def test_record_call_writes_events_of_queue_and_stream_and_rejects_what_holds_none(
    services: OutsideServices, tmp_path: Path
) -> None:
    bad = recorded("record_call")
    bad["Records"][0]["body"] = "gossip"
    with running("RecordCallFunction", services.environment("RecordCallFunction"), tmp_path) as runtime:
        events = (recorded("record_call"), recorded("record_call_stream"), bad)
        answers = [runtime.invoke(event).answer for event in events]
    assert answers == [NO_FAILURES] * 3
    stored = (item for item in services.stack.items("CallsTable") if item["sk"]["S"].startswith(EVENT))
    kept = {(event.kind, event.at) for item in stored for event in events_in(item)}
    assert kept >= {(Kind.PUSH_ACCEPTED, 1574526638123), (Kind.DIAL_WHOM, 1574526637000)}
    assert services.stack.waiting("TimelineDeadLetterQueue") == 1


def test_unpack_logs_unpacks_the_upload_and_fails_for_what_is_no_notification(
    services: OutsideServices, tmp_path: Path
) -> None:
    bad = recorded("unpack_logs")
    bad["Records"][0]["body"] = "gossip"
    with running("UnpackLogsFunction", services.environment("UnpackLogsFunction"), tmp_path) as runtime:
        answers = [runtime.invoke(event).answer for event in (recorded("unpack_logs"), bad)]
    assert answers[0] is None
    assert answers[1]["errorType"] == "JSONDecodeError"
    bucket = services.stack.deployment.reference("LogBucket")
    (kept,) = services.stack.deployment.client("s3").list_objects_v2(Bucket=bucket, Prefix="logs/")["Contents"]
    assert kept["Key"].endswith(".zip")
