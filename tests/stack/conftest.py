"""The built template on the emulator, with IAM enforced, used only through its public API."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from local import demo
from local.calls.call_data import call_data
from local.deployment.aws import Aws
from local.options import Options
from local.stack import LocalStack
from tests.patience import patience
from tests.stack.log_scan import scanned
from tests.stack.small_stacks import emulated

ACCOUNT = f"/v1/accounts/{demo.ACCOUNT}"
EXOTEL = (demo.WEBHOOK_USER, demo.WEBHOOK_PASSWORD)


@dataclass
class Api:
    """A running stack and an HTTP client of its public server."""

    stack: LocalStack
    http: httpx.Client

    def subscriber(self, name: str, resource: str = "") -> str:
        return f"{ACCOUNT}/subscribers/{name}{resource}"

    def login(self, name: str, device_id: str = "2fc4b5912826ad1") -> dict[str, str]:
        """Log in and return the header that proves it."""
        body = {
            "user_name": name,
            "password": demo.PASSWORD,
            "account_sid": demo.ACCOUNT,
            "device_id": device_id,
        }
        answer = self.http.post("/v1/login", json=body)
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['session_token']}"}

    def set_context(self, caller: str, callee: str, headers: dict[str, str] | None = None) -> httpx.Response:
        body = {"dialToNumber": callee, "message": ""}
        return self.http.post(self.subscriber(caller, "/context"), json=body, headers=headers or self.login(caller))

    def dial_whom(self, caller: str, call_sid: str, headers: dict[str, str] | None = None) -> httpx.Response:
        query = {"CallSid": call_sid, "CallFrom": f"sip:{caller}", "CallTo": f"sip:{demo.EXOPHONE}"}
        return self.http.get(f"{ACCOUNT}/dialtonumber", params=query, auth=EXOTEL, headers=headers)

    def push(self, name: str, payload: str | None = None) -> httpx.Response:
        body = {"subscriberName": name, "payload": payload or call_data("alice"), "payloadVersion": "1"}
        return self.http.post(f"{ACCOUNT}/pushtoclient", json=body, auth=EXOTEL)

    def call_event(self, **fields: str) -> httpx.Response:
        """Send a call event as Exotel's StatusCallback does."""
        return self.http.post(f"{ACCOUNT}/callevents", data=fields, auth=EXOTEL)

    def call(self, caller: str, callee: str, **how: str) -> dict[str, Any]:
        body = {"from": caller, "to": callee, "message": ""} | how
        answer: dict[str, Any] = self.http.post("/_sim/calls", json=body).json()
        return answer

    def fault(self, **fault: object) -> None:
        assert self.http.post("/_sim/faults", json=fault).status_code < 300

    def rung(self) -> list[tuple[str, str]]:
        """The (token, payload) pairs that FCM and APNs accepted."""
        pushes = self.http.get("/_sim/pushes").json()
        return [(push["token"], push["message"].get("data", push["message"]).get("payload", "")) for push in pushes]

    def devices(self, name: str) -> int:
        answer = self.http.get(self.subscriber(name), headers={"Authorization": f"Bearer {demo.SERVER_KEY}"})
        return int(answer.json()["devices"])

    def queued(self, queue: str = "PushQueue") -> int:
        """How many messages the queue holds, also those being worked on."""
        return self.stack.aws.queued(self.stack.deployment.resources[queue])

    def outcomes(self) -> dict[str, int]:
        """How often each outcome stands in deliver_push's log lines."""
        counted: dict[str, int] = {}
        for line in self._lines("DeliverPushFunction"):
            for outcome, count in line.get("outcomes", {}).items():
                counted[outcome] = counted.get(outcome, 0) + count
        return counted

    def _lines(self, function: str) -> Iterator[dict[str, Any]]:
        logs = self.stack.aws.session.client("logs", endpoint_url=self.stack.aws.endpoint)
        group = self.stack.deployment.resources[f"{function.removesuffix('Function')}LogGroup"]
        for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group):
            for event in page["events"]:
                for text in event["message"].splitlines():
                    if text.startswith("{"):
                        yield json.loads(text)


def wait_until(condition: Callable[[], bool], seconds: float, every: float = 0.05) -> None:
    """Poll until the condition holds; fail after a generous timeout."""
    until = time.monotonic() + patience(seconds)
    while not condition():
        assert time.monotonic() < until, f"still not so after {seconds} s"
        time.sleep(every)


def serve(stock_apps: str, **parameters: str) -> Iterator[Api]:
    with (
        LocalStack(Options(port=0, stock_apps=stock_apps), parameters=parameters) as stack,
        httpx.Client(base_url=stack.base_url, timeout=patience(30), limits=httpx.Limits(max_connections=100)) as http,
    ):
        yield Api(stack, http)


@pytest.fixture(scope="session", autouse=True)
def logs_are_scanned() -> Iterator[None]:
    """No stack of these tests ends without its functions' logs being searched for secrets."""
    with scanned():
        yield


@pytest.fixture(scope="session")
def allowing() -> Iterator[Api]:
    """A stack that lets the stock apps in."""
    yield from serve("allow")


@pytest.fixture(scope="session")
def denying() -> Iterator[Api]:
    """A stack in the secure mode."""
    yield from serve("deny")


@pytest.fixture(scope="session")
def hurried() -> Iterator[Api]:
    """A stack in which phones ring for only eight seconds, so that a test can wait for the end."""
    yield from serve("deny", RingSeconds="8")


@pytest.fixture(scope="session")
def relaying() -> Iterator[LocalStack]:
    """A stack for pushes alone, whose phones only tests of pushes change."""
    with LocalStack(parameters={"RingSeconds": "60"}) as stack:
        yield stack


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """An emulator for stacks that tests make themselves."""
    with emulated(tmp_path_factory.mktemp("emulator")) as running:
        yield running
