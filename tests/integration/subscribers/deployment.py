"""ManageDevicesFunction deployed on moto as template.yaml says, for the tests of its routes."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from switchboard.aws import clients as aws
from switchboard.login.session_keys import SecretsManagerSessionKeys
from switchboard.login.sessions import SessionTokens
from switchboard.subscribers.devices_dynamodb import DynamoDevices
from switchboard.subscribers.dynamodb import DynamoSubscribers
from switchboard.subscribers.subscriber import Status, Subscriber
from tests import deployment
from tests.sam_template import ROOT

EVENT = json.loads((ROOT / "events/manage_devices.json").read_text())
S = "/v1/accounts/{accountSid}/subscribers/{name}"
ROUTES = [f"POST {S}/devicetoken", f"DELETE {S}/devicetoken", f"GET {S}/contacts", f"GET {S}/logdestination"]
SESSION_ID = "session-id"


class Deployment(NamedTuple):
    """The function with alice and bob in demo1m, StockApps=allow and Contacts=groups."""

    app: ModuleType
    environment: pytest.MonkeyPatch
    stack: deployment.Deployment
    subscribers: DynamoSubscribers
    devices: DynamoDevices
    tokens: SessionTokens

    def set(self, **variables: str) -> None:
        """Deploy again with other settings."""
        for name, value in variables.items():
            self.environment.setenv(name, value)
        for cached in (self.app.build, self.app.settings, self.app.bucket, aws.credentials):
            cached.cache_clear()

    def call(self, route: str, **request: Any) -> Any:
        """Return the answer's body, with its status proved to be the body's http_code."""
        answer = self.app.handler(event(route, **request), None)
        body = json.loads(answer["body"])
        assert body["http_code"] == answer["statusCode"]
        assert body["request_id"] == EVENT["requestContext"]["requestId"]
        assert answer["headers"]["Content-Type"] == "application/json; charset=utf-8"
        return body

    def session(self, name: str = "alice", account: str = "demo1m", device_id: str = "a-phone") -> str:
        """Return a session of the subscriber's on that phone."""
        found = self.subscribers.find(account, name)
        assert found is not None
        return self.tokens.issue(found, device_id)[0]


def event(
    route: str, *, name: str = "alice", account: str = "demo1m", query: str = "", session: str = "", **changes: Any
) -> dict[str, Any]:
    """Return the recorded event, changed to another request; only POST keeps the recorded body."""
    headers = EVENT["headers"] | ({"authorization": f"Bearer {session}"} if session else {})
    made = EVENT | {"routeKey": route, "rawQueryString": query, "pathParameters": {"accountSid": account, "name": name}}
    if "body" not in changes and not route.startswith("POST"):
        del made["body"]
    return {**made, "headers": headers | changes.pop("headers", {}), **changes}


@contextmanager
def deployed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    """Deploy the function and store two subscribers."""
    with deployment.deployed(StockApps="allow") as stack:
        dynamodb, table = stack.client("dynamodb"), stack.reference("SubscribersTable")
        arn = stack.reference("SessionSecret")
        keys = SecretsManagerSessionKeys(aws.client("secretsmanager"), arn, 24, time.time)
        tokens = SessionTokens(keys, 24, time.time, lambda: SESSION_ID)
        app, subscribers = stack.function("ManageDevicesFunction"), DynamoSubscribers(dynamodb, table)
        for name in ("alice", "bob"):
            subscribers.put(Subscriber("demo1m", name, Status.ACTIVE, "v1", name.title(), 1, 1))
        yield Deployment(app, monkeypatch, stack, subscribers, DynamoDevices(dynamodb, table), tokens)
