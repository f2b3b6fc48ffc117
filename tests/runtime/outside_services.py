"""AWS, Exotel and FCM as the built functions need them to do what their events ask."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from local.simulators import running_simulators
from switchboard.timeline.event import Event, Kind
from tests.benches.record_call import on_dynamodb
from tests.deployment import REGION, deployed
from tests.dial_whom_stack import alice_sets
from tests.fakes.moto_server import MotoServer, serving
from tests.faults.fault_stack import FaultStack
from tests.integration.logs.upload_bucket import KEY
from tests.push_stack import WEBHOOKS

RATED = "743ddcf5a0552050bc37b6d0ff9613bn"  # the call that events/ingest_reports.json rates


class OutsideServices:
    def __init__(self, stack: FaultStack, url: str) -> None:
        self.stack, self._url = stack, url
        deployment = stack.deployment
        deployment.fill("WebhookSecret", WEBHOOKS)
        alice_sets("bob")
        stack.phone("android", name="bob")
        recorder = on_dynamodb(client=stack.dynamodb, calls=deployment.reference("CallsTable"))
        parties = {"caller": "alice", "callee": "bob"}
        recorder.add([Event("demo1m", RATED, Kind.DIAL_WHOM, 1_700_000_000_000, None, parties)])
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as logs:
            logs.writestr("sdk.log", "hello")
        bucket = deployment.reference("LogBucket")
        deployment.client("s3").put_object(Bucket=bucket, Key=KEY, Body=packed.getvalue())

    def environment(self, function: str) -> dict[str, str]:
        """Return what the function finds around it, with AWS here."""
        return aws_at(self._url, function) | self.stack.deployment.environment(function)

    def of_alice(self, event: dict[str, Any]) -> dict[str, Any]:
        """Return the event with a session of alice's, where it lacks a good credential."""
        given = event.get("headers", {}).get("authorization", "")
        if "headers" not in event or given.startswith("Basic") or given == "Bearer local-server-key":
            return event
        session: Mapping[str, str] = self.stack.session("alice")
        return {**event, "headers": event["headers"] | {"authorization": session["Authorization"]}}


def aws_at(endpoint: str, function: str) -> dict[str, str]:
    """Return what Lambda tells a function, and where AWS is."""
    return {
        "AWS_LAMBDA_FUNCTION_NAME": function,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }


@contextmanager
def outside_services() -> Iterator[OutsideServices]:
    accounts = {"demo1m": ("key-of-demo1m", "token-of-demo1m")}
    with running_simulators(accounts) as simulators, deployed() as deployment, serving(MotoServer()) as server:
        yield OutsideServices(FaultStack(deployment, simulators), server.url)
