"""A complete stack in moto for the operator's commands, with CloudFormation resources and outputs."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import boto3
import pytest
from moto import mock_aws
from typer.testing import CliRunner, Result

from cli.app import app
from switchboard.subscribers.devices_dynamodb import DynamoDevices
from switchboard.subscribers.dynamodb import DynamoSubscribers
from switchboard.subscribers.subscriber import Device, Status, Subscriber, TokenType
from switchboard.timeline.entry import entries_of
from switchboard.timeline.event import Event
from tests.benches.record_call import on_dynamodb
from tests.fakes import quick_moto
from tests.sam_template import resources
from tests.tables import taken

quick_moto.hasten()

REGION = "ap-south-1"
ACCOUNT = "demo1m"
SECRETS = ("WebhookSecret", "AccountsSecret", "PushSecret")
WEBHOOK = {"user": "exotel", "password": "a-password-of-exotel", "path": "a-path-of-exotel"}
EXOTEL = {
    "api_key": "local-exotel-key",
    "api_token": "local-exotel-token",
    "sdk_host": "https://sdk.example.com",
    "exophone": "08040408080",
}
_ALARM: Any = {
    "AlarmName": "UndeliverablePushesAlarm",
    "AlarmDescription": "Pushes could not be delivered",
    "Namespace": "AWS/SQS",
    "MetricName": "ApproximateNumberOfMessagesVisible",
    "Statistic": "Maximum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 0,
    "ComparisonOperator": "GreaterThanThreshold",
}


class StackInMoto:
    """`run` runs a command; the other methods write the data that commands read."""

    def __init__(self, base: str, parameters: Mapping[str, str]) -> None:
        self.secrets = boto3.client("secretsmanager", REGION)
        self.arns = {name: self.secrets.create_secret(Name=f"{name}-x")["ARN"] for name in SECRETS}
        self._create(base, parameters)
        self.fill("WebhookSecret", {ACCOUNT: WEBHOOK})
        self.fill("AccountsSecret", {"server_key": "k" * 43, "accounts": {ACCOUNT: EXOTEL | {"api_host": base}}})
        self.sqs, self.logs = boto3.client("sqs", REGION), boto3.client("logs", REGION)
        dynamodb = boto3.client("dynamodb", REGION)
        self.dynamodb = dynamodb
        self.recorder = on_dynamodb(client=dynamodb)
        self.timelines = self.recorder.timelines
        self.subscribers = DynamoSubscribers(dynamodb, "SubscribersTable")
        self.devices = DynamoDevices(dynamodb, "SubscribersTable")

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(app, [*arguments])

    def read(self, *arguments: str) -> Any:
        """Run with --json and read what is printed."""
        result = self.run("--json", *arguments)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return json.loads(result.stdout)

    def fill(self, secret: str, value: Mapping[str, Any]) -> None:
        self.secrets.put_secret_value(SecretId=self.arns[secret], SecretString=json.dumps(value))

    def happened(self, *events: Event) -> None:
        """Store events; a push's under the call that it has joined."""
        for entry in entries_of(events):
            call = self.recorder.histories.call_of(entry.account, entry.call, None)
            joined = call if call and entry.told_by is None else entry.call
            self.recorder.entries.put([replace(entry, call=joined)])
        self.recorder.stored(events)

    def joined(self, call: str, push: str) -> None:
        """Have a push's events stood under the call from the start."""
        events = [event for event in self.timelines.read(ACCOUNT, push) if not event.of_an_app]
        for item in self.dynamodb.scan(TableName="CallsTable")["Items"]:
            at_push = item["pk"]["S"] == f"{ACCOUNT}#{push}" and not item["sk"]["S"].startswith("app#")
            if at_push or item["sk"]["S"].endswith(f"#{push}"):
                self.dynamodb.delete_item(TableName="CallsTable", Key={"pk": item["pk"], "sk": item["sk"]})
        self.recorder.entries.point(ACCOUNT, push, call)
        if events:
            self.recorder.put(call, events)

    def subscriber(self, name: str, *tokens: str, status: Status = Status.ACTIVE) -> None:
        self.subscribers.put(Subscriber(ACCOUNT, name, status, "v1", name.title(), 0, 0))
        for token in tokens:
            self.devices.register(ACCOUNT, name, Device(token, TokenType.FCM, 1_763_755_200_000, session_version="v1"))

    def dead_letter(self, push_id: str, reason: str | None) -> None:
        attributes: Any = {"reason": {"DataType": "String", "StringValue": reason}} if reason else {}
        self.sqs.send_message(
            QueueUrl=self._queue("PushDeadLetterQueue"),
            MessageBody=json.dumps({"pushId": push_id}),
            MessageAttributes=attributes,
        )

    def dead_letters(self) -> int:
        found = self.sqs.get_queue_attributes(
            QueueUrl=self._queue("PushDeadLetterQueue"), AttributeNames=["ApproximateNumberOfMessages"]
        )
        return int(found["Attributes"]["ApproximateNumberOfMessages"])

    def logged(self, *lines: Mapping[str, Any], after_ms: int = 0) -> None:
        """Write lines to vend_token's log, from a minute ago plus `after_ms`, a millisecond apart."""
        group, began = "VendTokenLogGroup", int(time.time() * 1000) - 60_000 + after_ms
        if not self.logs.describe_log_streams(logGroupName=group)["logStreams"]:
            self.logs.create_log_stream(logGroupName=group, logStreamName="one")
        entries = [{"timestamp": began + n, "message": json.dumps(line)} for n, line in enumerate(lines)]
        self.logs.put_log_events(logGroupName=group, logStreamName="one", logEvents=entries)

    def _queue(self, name: str) -> str:
        return self.sqs.get_queue_url(QueueName=name)["QueueUrl"]

    def _create(self, base: str, parameters: Mapping[str, str]) -> None:
        # moto's CloudFormation has no secrets, such functions or alarms: other resources stand for them
        made: dict[str, Any] = {
            name: {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": name, **taken(properties)}}
            for name, properties in resources("AWS::DynamoDB::Table").items()
        }
        for name in resources("AWS::SQS::Queue"):
            made[name] = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": name}}
        for name in ("VendTokenLogGroup", "DeliverPushFunction", "UndeliverablePushesAlarm"):
            made[name] = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": name}}
        boto3.client("cloudwatch", REGION).put_metric_alarm(**_ALARM)
        outputs = dict.fromkeys(("ApiBase", "DialWhomUrl", "PushUrl", "CallEventsUrl"), f"{base}/v1")
        outputs |= {f"{name}Arn": arn for name, arn in self.arns.items()}
        body = {
            "Parameters": {name: {"Type": "String"} for name in parameters},
            "Resources": made,
            "Outputs": {key: {"Value": value} for key, value in outputs.items()},
        }
        boto3.client("cloudformation", REGION).create_stack(
            StackName="switchboard",
            TemplateBody=json.dumps(body),
            Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
        )


def codes(findings: Sequence[Mapping[str, Any]]) -> list[str]:
    return [found["code"] for found in findings]


@contextmanager
def stack_in_moto(base: str = "https://api.example.com", **parameters: str) -> Iterator[StackInMoto]:
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        for variable in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_REGION", "EXOTEL_ACCOUNT_SID", "SWITCHBOARD_STACK"):
            patch.delenv(variable, raising=False)
        patch.setenv("AWS_DEFAULT_REGION", REGION)
        patch.setenv("COLUMNS", "200")
        with reading_in("UTC"):
            yield StackInMoto(base, parameters)


@contextmanager
def reading_in(zone: str) -> Iterator[None]:
    """Set the time zone of the operator's machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", zone)
        time.tzset()
        yield
    time.tzset()
