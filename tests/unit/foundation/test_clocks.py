"""Ages are measured by the wall clock only: all other clocks of Lambda stop between two requests."""

import ast
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from local.simulators.service_account import new_service_account
from switchboard.aws.secrets import SecretsManagerSecret
from switchboard.foundation.clock import Clock
from switchboard.login.issuer_keys import IssuerKeys
from switchboard.login.session_keys import SecretsManagerSessionKeys
from switchboard.pushes.fcm import FcmGateway
from switchboard.pushes.fcm_client import FcmClient

ROOT = Path(__file__).parents[3]
STOPPED = {"monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "process_time", "thread_time"}
# Each measures something that begins and ends within one request.
DURATIONS = {
    "layers/switchboard/switchboard/web/http.py": "how long a request took",
    "layers/switchboard/switchboard/aws/connections.py": "the time that is left for an answer",
    "layers/switchboard/switchboard/aws/whole_answers.py": "the time that is left for an answer",
    "layers/switchboard/switchboard/pushes/fcm_client.py": "the time that is left for a send",
    "layers/switchboard/switchboard/pushes/apns.py": "the time that is left for a send",
    "layers/switchboard/switchboard/pushes/apns_sender.py": "the time that is left for a send",
    "functions/deliver_push/app.py": "the time that is left for a batch",
    "functions/record_call/app.py": "the time that is left for a batch",
    "functions/manage_subscribers/app.py": "the deadline for Exotel",
    "functions/vend_token/app.py": "the deadline for Exotel and the issuer",
    "functions/unpack_logs/app.py": "the CPU time that an upload takes",
    "layers/switchboard/switchboard/logs/zip_check.py": "the CPU time that an upload takes",
}
NAMED = {"monotonic", "cpu"}  # parameters for such a clock


def sources() -> Iterator[Path]:
    for folder in ("layers/switchboard/switchboard", "functions"):
        yield from (ROOT / folder).rglob("*.py")


def readings(source: Path) -> list[ast.Attribute | ast.alias]:
    nodes = ast.walk(ast.parse(source.read_text()))
    return [
        node
        for node in nodes
        if (isinstance(node, ast.Attribute) and node.attr in STOPPED and ast.unparse(node.value) == "time")
        or (isinstance(node, ast.alias) and node.name in STOPPED)
    ]


def test_only_durations_within_a_request_are_measured_by_a_clock_that_stops() -> None:
    measuring = {str(source.relative_to(ROOT)) for source in sources() if readings(source)}
    assert measuring == set(DURATIONS)


def test_functions_hand_such_a_clock_to_what_makes_deadlines_alone() -> None:
    handed = [
        ast.unparse(call.func)
        for source in sources()
        if source.is_relative_to(ROOT / "functions")
        for call in ast.walk(ast.parse(source.read_text()))
        if isinstance(call, ast.Call)
        for argument in [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg not in NAMED)]
        if isinstance(argument, ast.Attribute) and argument.attr in STOPPED
    ]
    assert handed == []


NOTHING: Any = None  # what these do not touch before they fetch
CACHES: dict[str, Callable[[Clock], object]] = {
    "secrets": lambda clock: SecretsManagerSecret(NOTHING, "arn", clock),
    "session keys": lambda clock: SecretsManagerSessionKeys(NOTHING, "arn", 24, clock),
    "the issuer's keys": lambda clock: IssuerKeys("https://id.example.com", NOTHING, clock),
    "the FCM client": lambda clock: FcmGateway(NOTHING, clock),
    "Google's access token": lambda clock: FcmClient(
        new_service_account("https://oauth.example.com").as_file(), base_url=None, clock=clock
    ),
}


@pytest.mark.parametrize("cache", CACHES.values(), ids=CACHES)
def test_no_cache_takes_a_clock_that_lambda_stops(cache: Callable[[Clock], object]) -> None:
    cache(time.time)
    for stopped in (time.monotonic, time.perf_counter):
        with pytest.raises(ValueError, match="epoch seconds"):
            cache(stopped)
