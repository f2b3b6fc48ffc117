"""Searches all logs of each local stack of a test for the secrets used while it ran."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from aiohttp import web
from botocore.exceptions import BotoCoreError

from local import demo
from local.gateway.api import Gateway
from local.stack import LocalStack
from tests.leaks import Secrets

SECRETS = Secrets()
_MAKING_UP = threading.Event()


@contextmanager
def scanned() -> Iterator[None]:
    """Search the logs of every stack that ends inside the block; a leak raises AssertionError."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Gateway, "_pass_on", _noting(Gateway._pass_on))
        patch.setattr(LocalStack, "__exit__", _searching(LocalStack.__exit__))
        yield


@contextmanager
def made_up() -> Iterator[None]:
    """Do not treat values in requests as secrets inside the block: they use one text as a name and as a token."""
    _MAKING_UP.set()
    try:
        yield
    finally:
        _MAKING_UP.clear()


def leaks(stack: LocalStack) -> list[str]:
    """Return the secrets in what this stack's functions have logged, and the emulator itself."""
    _know_kept(stack)
    return SECRETS.leaks("\n".join([*lines(stack), _emulators(stack)]))


def lines(stack: LocalStack) -> Iterator[str]:
    """Every line of every log group."""
    logs = stack.aws.session.client("logs", endpoint_url=stack.aws.endpoint)
    for page in logs.get_paginator("describe_log_groups").paginate():
        for group in page["logGroups"]:
            for events in logs.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"]):
                yield from (event["message"] for event in events["events"])


@contextmanager
def planted(stack: LocalStack, line: str) -> Iterator[None]:
    """Write a line into a separate log group inside the block."""
    logs, name = stack.aws.session.client("logs", endpoint_url=stack.aws.endpoint), "/aws/lambda/planted"
    logs.create_log_group(logGroupName=name)
    logs.create_log_stream(logGroupName=name, logStreamName="one")
    events: Any = [{"timestamp": int(time.time() * 1000), "message": line}]
    logs.put_log_events(logGroupName=name, logStreamName="one", logEvents=events)
    try:
        yield
    finally:
        logs.delete_log_group(logGroupName=name)


def _noting(pass_on: Any) -> Any:
    """Record credentials and bodies, in both directions, at the public server."""

    async def noting(self: Gateway, request: web.Request, raw_path: str) -> web.StreamResponse:
        if not _MAKING_UP.is_set():
            SECRETS.know_message(request.headers.get("Authorization", ""), await request.read())
            SECRETS.know_fields(dict(request.query))
        answer = await pass_on(self, request, raw_path)
        SECRETS.know_message("", answer.body or b"")
        return answer

    return noting


def _searching(leave: Callable[..., None]) -> Callable[..., None]:
    def search_and_leave(self: LocalStack, kind: Any, error: Any, trace: Any) -> None:
        found = []
        try:
            found = leaks(self)
        except BotoCoreError:  # of an emulator that a test has killed, only its own log remains
            found = SECRETS.leaks(_emulators(self))
        finally:
            leave(self, kind, error, trace)
        assert not found, "\n".join(["secrets in the functions' logs:", *found])

    return search_and_leave


def _emulators(stack: LocalStack) -> str:
    return stack.emulator.log.read_text(errors="replace")


def _know_kept(stack: LocalStack) -> None:
    """Add the deployed secrets, the messages to FCM and the demo's phones."""
    for secret in stack.aws.secrets.list_secrets()["SecretList"]:
        text = stack.aws.secrets.get_secret_value(SecretId=secret["ARN"]).get("SecretString", "{}")
        SECRETS.know_fields(json.loads(text))
    for push in stack.simulators.pushes.attempts():
        SECRETS.know("a push token", push.token)
        SECRETS.know("payload", push.payload)
    for phone in (phone for subscriber in demo.SUBSCRIBERS for phone in subscriber.phones):
        SECRETS.know("a push token", phone.token)
