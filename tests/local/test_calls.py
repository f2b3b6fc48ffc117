"""Calls are simulated as a phone and Exotel's platform make them, and end with the documented outcomes."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import ClientSession

from local.calls.call import BadCallError, Call, parse_call
from local.calls.player import CallPlayer
from local.calls.ringing import PhoneWatch
from local.gateway.backend import Backend
from local.gateway.servers import Servers, listen, port_of
from local.simulators.pushes import Pushes
from tests.local.product import Product


@dataclass
class Stage:
    servers: Servers
    product: Product
    backend: Backend

    def play(self, *call: str, patience: float = 0.3, **how: str) -> dict[str, Any]:
        watch = PhoneWatch(self.backend, self.product.pushes, patience)
        return self.servers.run(CallPlayer(self.backend, watch, "080").play(Call(*call, **how)))


@pytest.fixture
def stage() -> Iterator[Stage]:
    product, listener = Product(Pushes(), {"alice": 1, "bob": 1, "dave": 2, "erin": 0}), listen()
    with Servers() as servers:
        servers.serve(product.application(), listener)
        http = servers.run(client())
        yield Stage(servers, product, Backend(http, f"http://127.0.0.1:{port_of(listener)}", "demo1m"))
        servers.run(http.close())


async def client() -> ClientSession:
    return ClientSession()


def test_a_call_goes_from_login_to_ringing_phones(stage: Stage) -> None:
    call = stage.play("alice", "dave")
    assert call["outcome"] == "ringing"
    assert [step["name"] for step in call["steps"]] == ["login", "context", "dial-whom", "push", "phone-rang"]
    assert {step["status"] for step in call["steps"]} == {"ok"}
    assert call["steps"][-1]["detail"] == "2 of 2 phones"
    assert len(call["call_sid"]) == 32


@pytest.mark.parametrize("answer", ["text", "json"])
def test_dial_first_asks_before_the_context_is_there(stage: Stage, answer: str) -> None:
    assert stage.play("alice", "bob", order="dial-first", format=answer)["outcome"] == "ringing"
    assert stage.product.seen == ["dial-whom", "context"]


def test_a_session_is_kept_and_renewed_when_it_ended(stage: Stage) -> None:
    stage.play("alice", "bob")
    stage.play("alice", "bob")
    assert stage.product.logins == 1
    stage.product.sessions.clear()
    assert stage.play("alice", "bob")["outcome"] == "ringing"
    assert stage.product.logins == 2


@pytest.mark.parametrize("answer", ["text", "json"])
def test_a_call_without_a_callee_ends_as_no_destination(stage: Stage, answer: str) -> None:
    assert stage.play("alice", "noone", format=answer)["outcome"] == "no-destination"


def test_a_callee_without_a_phone_ends_the_call_at_once(stage: Stage) -> None:
    assert stage.play("alice", "erin", patience=60)["outcome"] == "no-device"


def test_a_final_refusal_ends_the_wait_at_once(stage: Stage) -> None:
    stage.product.push_status = 404
    assert stage.play("alice", "bob", patience=60)["outcome"] == "failed"


def test_a_push_that_never_comes_ends_as_failed_after_the_ring_time(stage: Stage) -> None:
    stage.product.push_status = 503
    assert stage.play("alice", "bob")["outcome"] == "failed"


def test_a_caller_who_cannot_log_in_has_a_failed_call(stage: Stage) -> None:
    call = stage.play("stranger", "bob")
    assert call["outcome"] == "failed"
    assert [(step["name"], step["status"]) for step in call["steps"]] == [("login", "failed")]


def test_a_server_that_is_gone_is_a_failed_call(stage: Stage) -> None:
    stage.backend.base_url = "http://127.0.0.1:9"
    assert stage.play("alice", "bob")["outcome"] == "failed"


def test_many_calls_of_one_caller_log_in_once(stage: Stage) -> None:
    async def several() -> list[dict[str, Any]]:
        player = CallPlayer(stage.backend, PhoneWatch(stage.backend, stage.product.pushes, 1), "080")
        return await asyncio.gather(*(player.play(Call("alice", "bob")) for _ in range(10)))

    assert {call["outcome"] for call in stage.servers.run(several())} == {"ringing"}
    assert stage.product.logins == 1


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"from": "alice"},
        {"from": "alice", "to": ""},
        {"from": "a", "to": "b", "order": "later"},
        {"from": "a", "to": "b", "format": "xml"},
        {"from": "a", "to": 5},
        {"from": "a", "to": "b", "more": "c"},
    ],
)
def test_an_invalid_call_is_refused(body: object) -> None:
    with pytest.raises(BadCallError):
        parse_call(body)


def test_only_from_and_to_are_needed() -> None:
    assert parse_call({"from": "a", "to": "b", "message": None}) == Call("a", "b", "", "context-first", "text")
