"""Creating and changing subscribers at an Exotel that refuses: the error says why."""

import time
from collections.abc import Callable

import pytest

from switchboard.foundation.deadline import Deadline
from switchboard.foundation.errors import UpstreamError, UpstreamTimeoutError
from switchboard.subscribers.subscriber import Status
from tests.benches.exotel import PATIENCE, Bench, enveloped
from tests.fakes.identity import account
from tests.fakes.raw_server import Behaviour, RawServer, hanging, json_answer, raw_server, saying


def created(server: RawServer, bench: Bench) -> None:
    bench.exotel.create(account(api_host=server.url), "alice", Deadline.after(PATIENCE, time.monotonic))


def suspended(server: RawServer, bench: Bench) -> None:
    deadline = Deadline.after(PATIENCE, time.monotonic)
    bench.exotel.set_status(account(api_host=server.url), "alice", Status.INACTIVE, deadline)


def test_an_existing_subscriber_is_fine_whatever_code_exotel_sends(bench: Bench) -> None:
    refused = enveloped([{"code": 400, "data": None}])
    with raw_server(refused, enveloped({"code": 200, "data": {"subscriber_name": "alice"}})) as server:
        created(server, bench)
    assert server.requests[1].startswith(b"GET /v2/accounts/demo1m/subscribers/alice ")


@pytest.mark.parametrize(
    ("behaviours", "code"),
    [
        ([enveloped([{"code": 400}]), saying(json_answer("{}", "404 Not Found"))], "exotel_bad_name"),
        ([enveloped([{"code": 403}]), saying(json_answer("{}", "404 Not Found"))], "exotel_voip_disabled"),
        ([enveloped([{}]), saying(json_answer("{}", "404 Not Found"))], "exotel_bad_answer"),
        ([enveloped([])], "exotel_bad_answer"),
        ([enveloped(["alice"])], "exotel_bad_answer"),
        ([enveloped({"code": 200})], "exotel_bad_answer"),
        ([saying(json_answer("<html>", "404 Not Found"))], "exotel_bad_answer"),
    ],
)
def test_a_creation_that_failed_says_why(bench: Bench, behaviours: list[Behaviour], code: str) -> None:
    with raw_server(*behaviours) as server, pytest.raises(UpstreamError) as refused:
        created(server, bench)
    assert refused.value.code == code


@pytest.mark.parametrize(("code", "expected"), [(400, "exotel_bad_name"), ("?", "exotel_bad_answer")])
def test_a_change_that_failed_inside_a_good_answer_says_why(bench: Bench, code: object, expected: str) -> None:
    with raw_server(enveloped({"code": code})) as server, pytest.raises(UpstreamError) as refused:
        suspended(server, bench)
    assert refused.value.code == expected


@pytest.mark.parametrize("ask", [created, suspended])
def test_every_call_is_bounded(bench: Bench, ask: Callable[[RawServer, Bench], None]) -> None:
    with raw_server(hanging) as server, pytest.raises(UpstreamTimeoutError):
        ask(server, bench)
