"""Every declared metric is written by some handler, with its unit and dimensions, and every alarm's by its function."""

import json
import time
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO

import pytest

from local.simulators import Simulators, running_simulators
from local.simulators.faults import Fault
from switchboard.aws import clients as aws
from switchboard.calls.context import CallContext
from switchboard.calls.dynamodb import DynamoCallContexts
from switchboard.runtime import metrics
from switchboard.timeline.entry import entries_of
from switchboard.timeline.event import Event, Kind
from switchboard.timeline.event_json import encode
from tests.benches.record_call import on_dynamodb
from tests.deployment import Deployment, deployed
from tests.events import basic, request
from tests.identity_stack import ACCOUNTS, identity_stack
from tests.push_stack import PushStack, jwt, push, push_stack
from tests.watched_metrics import Emitted, alarmed, drawn, emitted

GOOD = basic("exotel", "a-password")
WRONG = basic("exotel", "not the password")
WEBHOOKS = {"demo1m": {"user": "exotel", "password": "a-password", "path": "a-path"}}
ACCOUNT = "/v1/accounts/{accountSid}"


@pytest.fixture(scope="module")
def simulators() -> Iterator[Simulators]:
    with running_simulators(ACCOUNTS) as running:
        yield running


def exotel_asks(stack: Deployment, headers: dict[str, str]) -> int:
    path = "/v1/accounts/demo1m/dialtonumber?CallSid=c1&CallFrom=alice"
    event = request("GET", path, route=f"{ACCOUNT}/dialtonumber", headers=headers, at=time.time())
    return int(stack.function("DialWhomFunction").handler(event, None)["statusCode"])


def exotel_pushes(stack: Deployment, headers: dict[str, str]) -> int:
    body = {"subscriberName": "bob", "payload": jwt(), "payloadVersion": "1.0"}
    return _posted(stack, "AcceptPushFunction", "pushtoclient", headers, body)


def exotel_tells(stack: Deployment, headers: dict[str, str]) -> int:
    return _posted(stack, "AcceptCallEventFunction", "callevents", headers, {})


def _posted(stack: Deployment, function: str, hook: str, headers: dict[str, str], body: dict[str, str]) -> int:
    route = f"{ACCOUNT}/{hook}"
    event = request("POST", f"/v1/accounts/demo1m/{hook}", route=route, headers=headers, body=body, at=time.time())
    return int(stack.function(function).handler(event, None)["statusCode"])


def play_webhooks() -> None:
    with deployed(LateContextMs="0") as stack:
        stack.fill("WebhookSecret", WEBHOOKS)
        now = time.time()
        context = CallContext("demo1m", "alice", "bob", "", int(now * 1000), int(now) + 60)
        DynamoCallContexts(aws.client("dynamodb"), "CallContextsTable").put(context)
        statuses = [exotel_asks(stack, GOOD), exotel_asks(stack, WRONG)]
        statuses += [exotel_pushes(stack, WRONG), exotel_tells(stack, WRONG)]
        stack.client("sqs").delete_queue(QueueUrl=stack.reference("PushQueue"))
        stack.client("dynamodb").delete_table(TableName="CallContextsTable")
        statuses += [exotel_pushes(stack, GOOD), exotel_asks(stack, GOOD)]
        assert statuses == [200, 401, 401, 401, 503, 503]


def play_pushes(simulators: Simulators) -> None:
    with push_stack(simulators) as stack:
        stack.phone("android")
        stack.run(push("good"))
        stack.run(push("late", age=100))
        _fail(stack, Fault("fcm", status=404))
        _fail(stack, Fault("fcm", error_code="SENDER_ID_MISMATCH"))
        stack.deployment.client("dynamodb").delete_table(TableName="CallsTable")
        stack.sqs.delete_queue(QueueUrl=stack.deployment.reference("TimelineQueue"))
        stack.run(push("unreported"))


def _fail(stack: PushStack, fault: Fault) -> None:
    stack.simulators.faults.add(fault)
    stack.run(push(f"call-{fault.error_code}"))


def play_logins() -> None:
    with identity_stack() as stack, pytest.MonkeyPatch.context() as patch:
        patch.setenv("POWERTOOLS_SERVICE_NAME", "vend_token")  # another function in this process has set it
        stack.as_server("PUT", body={"password": "switchboard"})
        stack.simulators.faults.add(Fault("exotel", status=401))
        statuses = [stack.login().status, stack.login().status]
        statuses += [stack.login(password=f"guess-{number}").status for number in range(11)]  # of a familiar phone
        assert statuses == [502, 200, *[403] * 10, 429]


def play_timelines() -> None:
    with deployed() as stack:
        recorder = on_dynamodb()
        recorder.add([Event("demo1m", "c1", Kind.DIAL_WHOM, 1, None, {"caller": "alice"})])
        told = [Event("demo1m", "c1", Kind.SDK_CALLBACK, n, "alice", {"name": "x"}) for n in range(201)]
        recorder.entries.put(entries_of(told))
        body = encode([Event("demo1m", "c1", Kind.DIAL_WHOM, int(time.time() * 1000))])
        attributes = {"ApproximateReceiveCount": "1"}
        record = {"messageId": "m", "receiptHandle": "r", "body": body, "attributes": attributes}
        event = {"Records": [record | {"eventSource": "aws:sqs"}]}
        items = stack.client("dynamodb").scan(TableName="CallsTable")["Items"]
        inserted = [{"Keys": item, "SequenceNumber": "1", "NewImage": item} for item in items if "source" in item]
        stream = {"Records": [{"eventSource": "aws:dynamodb", "dynamodb": one} for one in inserted]}
        for one in (event, stream):
            assert stack.function("RecordCallFunction").handler(one, None) == {"batchItemFailures": []}
        bucket, key = stack.reference("LogBucket"), "uploads/demo1m/alice/ios/a.zip"
        stack.client("s3").put_object(Bucket=bucket, Key=key, Body=b"no zip")
        uploaded = {"Records": [{"body": json.dumps({"Records": [{"s3": {"object": {"key": key}}}]})}]}
        stack.function("UnpackLogsFunction").handler(uploaded, None)


@pytest.fixture(scope="module")
def written(simulators: Simulators) -> set[Emitted]:
    with redirect_stdout(StringIO()) as printed:
        play_webhooks()
        play_pushes(simulators)
        play_logins()
        play_timelines()
    return set(emitted(printed.getvalue()))


def test_every_declared_metric_is_written_with_its_unit_and_dimensions(written: set[Emitted]) -> None:
    declared = {(m.name, m.unit, frozenset({"service", "stage", *m.own})) for m in metrics.ALL}
    assert {(one.name, one.unit, one.dimensions) for one in written} == declared


def test_every_watched_metric_is_written_by_the_function_that_it_names(written: set[Emitted]) -> None:
    ours = [watched for watched in alarmed() + drawn() if watched.namespace == metrics.NAMESPACE]
    watched = {(one.name, one.dimensions["service"]) for one in ours if one.dimensions["service"]}
    assert watched <= {(one.name, one.service) for one in written}
