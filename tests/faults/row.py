"""A row of the fault table: a function, a failing dependency, and the promised result for each fault."""

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from unittest.mock import patch

from switchboard.aws import clients as aws
from switchboard.login import vend_token
from switchboard.provisioning import manage_subscribers
from switchboard.pushes import fcm_client, google_oauth
from tests.faults.fault_stack import FaultStack
from tests.faults.wire import Dialect, failing

QUICK = 0.25  # share of the functions' own timeouts, except where Exotel waits for the answer to a hang
START_SECONDS = 1.0  # for what is not shortened: loading the function, checking a password

type Strike = Callable[[FaultStack, str], str]


@dataclass(frozen=True)
class Row:
    """`answers` has for each fault the caller's answer, or the record's outcome; `within` is in seconds.

    `strike` lets the function meet the dependency at an address and returns what came of it, as in `answers`; `kept`
    is what is still there then, which `check` looks at. `elsewhere` names the tests of faults that are not for here.
    With `full_time`, a hang meets the function's own timeouts.
    """

    dependency: str
    function: str
    dialect: Dialect
    within: float
    answers: Mapping[str, str]
    kept: str
    strike: Strike
    check: Callable[[FaultStack, str], None]
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    full_time: bool = False

    def allowed(self, fault: str) -> float:
        """Return how many seconds it may take here."""
        return self.within if self._in_full(fault) else self.within * QUICK + START_SECONDS

    def _in_full(self, fault: str) -> bool:
        return self.full_time and fault == "hang"

    def meet(self, stack: FaultStack, fault: str) -> tuple[str, float]:
        """Return the outcome of the fault, and after how many seconds."""
        timeouts = nullcontext() if self._in_full(fault) else hurried()
        with failing(self.dialect, fault) as url, timeouts:
            began = time.monotonic()
            return self.strike(stack, url), time.monotonic() - began


def answered(answer: Mapping[str, Any]) -> str:
    """Return an HTTP answer in the table's form."""
    if not answer["headers"]["Content-Type"].startswith("application/json"):
        return f"{answer['statusCode']} {answer['body']}".strip()
    body, wait = json.loads(answer["body"]), answer["headers"].get("Retry-After")
    assert body["http_code"] == answer["statusCode"]
    assert body["request_id"]
    code = f" `{body['code']}`" if "code" in body else ""
    return f"{answer['statusCode']}{code}" + (f", again after {wait} s" if wait else "")


def struck(service: str, url: str) -> AbstractContextManager[Any]:
    """Point functions that start inside the block to the AWS service at that URL."""
    return patch.dict(os.environ, {f"AWS_ENDPOINT_URL_{service}": url})


@contextmanager
def hurried() -> Iterator[None]:
    """Give functions that start inside the block a quarter of their timeouts."""
    with ExitStack() as patches:
        for change in (
            partial(patch.object, aws, "client", _hurried_client),
            partial(patch.object, google_oauth, "TIMEOUT", tuple(QUICK * each for each in google_oauth.TIMEOUT)),
            partial(patch.object, fcm_client, "READ_SECONDS", QUICK * fcm_client.READ_SECONDS),
            partial(patch.object, vend_token, "UPSTREAM_SECONDS", QUICK * vend_token.UPSTREAM_SECONDS),
            partial(patch.object, manage_subscribers, "UPSTREAM_SECONDS", QUICK * manage_subscribers.UPSTREAM_SECONDS),
        ):
            patches.enter_context(change())
        yield


_client: Callable[..., Any] = aws.client


def _hurried_client(
    service: str, *, connect: float = 1.0, read: float = 2.0, each_read: bool = False, tries: int = 2
) -> object:
    return _client(service, connect=connect * QUICK, read=read * QUICK, each_read=each_read, tries=tries)
