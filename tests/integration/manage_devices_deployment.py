"""ManageDevicesFunction deployed on moto, for the tests of its routes."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import boto3
import pytest
from moto import mock_aws

from functions.manage_devices import app
from switchboard.adapters import aws
from switchboard.adapters.devices import DynamoDevices
from switchboard.adapters.session_keys import SecretsManagerSessionKeys
from switchboard.adapters.subscribers import DynamoSubscribers
from switchboard.domain.subscribers import Status, Subscriber
from switchboard.edge.sessions import SessionTokens
from tests.tables import create_tables
from tests.template import ROOT

EVENT = json.loads((ROOT / "events/manage_devices.json").read_text())
S = "/v1/accounts/{accountSid}/subscribers/{name}"
ROUTES = [f"POST {S}/devicetoken", f"DELETE {S}/devicetoken", f"GET {S}/contacts", f"GET {S}/logdestination"]
CACHES = (app.build, app.settings, app.bucket, aws.session)


class Deployment(NamedTuple):
    environment: pytest.MonkeyPatch
    subscribers: DynamoSubscribers
    devices: DynamoDevices
    tokens: SessionTokens

    def set(self, **variables: str) -> None:
        """Deploy again with other settings."""
        for name, value in variables.items():
            self.environment.setenv(name, value)
        forget()

    def call(self, route: str, **request: Any) -> Any:
        """Return the answer's body, with its status proved to be the body's http_code."""
        answer = app.handler(event(route, **request), None)
        body = json.loads(answer["body"])
        assert body["http_code"] == answer["statusCode"]
        assert body["request_id"] == EVENT["requestContext"]["requestId"]
        assert answer["headers"]["Content-Type"] == "application/json"
        return body

    def session(self, name: str = "alice", account: str = "demo1m") -> str:
        found = self.subscribers.find(account, name)
        assert found is not None
        return self.tokens.issue(found)[0]


def forget() -> None:
    for cached in CACHES:
        cached.cache_clear()


def event(
    route: str, *, name: str = "alice", account: str = "demo1m", query: str = "", session: str = "", **changes: object
) -> dict[str, Any]:
    headers = EVENT["headers"] | ({"authorization": f"Bearer {session}"} if session else {})
    made = EVENT | {"routeKey": route, "rawQueryString": query, "pathParameters": {"accountSid": account, "name": name}}
    if "body" not in changes and not route.startswith("POST"):
        del made["body"]
    return {**made, "headers": headers | changes.pop("headers", {}), **changes}


@contextmanager
def deployed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    with mock_aws():
        monkeypatch.setenv("AWS_REGION", "ap-south-1")
        dynamodb = boto3.client("dynamodb", "ap-south-1")
        secrets = boto3.client("secretsmanager", "ap-south-1")
        create_tables(dynamodb)
        arn = secrets.create_secret(Name="session", SecretString='{"key":"0123456789abcdef0123456789abcdef"}')["ARN"]
        keys = SecretsManagerSessionKeys(secrets, arn, 24, time.time)
        tokens = SessionTokens(keys, 24, time.time, lambda: "session-id")
        subscribers = DynamoSubscribers(dynamodb, "SubscribersTable")
        made = Deployment(monkeypatch, subscribers, DynamoDevices(dynamodb, "SubscribersTable"), tokens)
        for name in ("alice", "bob"):
            subscribers.put(Subscriber("demo1m", name, Status.ACTIVE, "v1", name.title(), 1, 1))
        made.set(
            SUBSCRIBERS_TABLE="SubscribersTable",
            SESSION_SECRET=arn,
            SESSION_HOURS="24",
            STOCK_APPS="allow",
            CONTACTS="groups",
            LOG_BUCKET="switchboard-logs",
        )
        yield made
    forget()
