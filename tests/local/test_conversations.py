"""The events after the ringing: Exotel's, both phones' SDKs', and a rating, in the order of a call."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import ClientSession, web

from local.calls.call import Call
from local.calls.conversations import Conversations
from local.calls.player import CallPlayer
from local.calls.ringing import PhoneWatch
from local.gateway.backend import Backend
from local.gateway.servers import Servers, listen, port_of
from local.simulators.pushes import Pushes
from tests.local.product import SUBSCRIBER, Product
from tests.patience import patience


class ToldProduct(Product):
    """Records the events that it receives; it refuses the first ratings as too early."""

    def __init__(self, pushes: Pushes, phones: dict[str, int]) -> None:
        super().__init__(pushes, phones)
        self.told: list[tuple[str, Any]] = []
        self.early = 1

    def application(self) -> web.Application:
        application = super().application()
        application.add_routes(
            [
                web.get("/v1/accounts/{account}/callevents", self.applet),
                web.post("/v1/accounts/{account}/callevents", self.status),
                web.post(f"{SUBSCRIBER}/events", self.events),
                web.post(f"{SUBSCRIBER}/pushes/{{push}}/ack", self.acknowledge),
                web.post(f"{SUBSCRIBER}/feedback", self.feedback),
            ]
        )
        return application

    async def applet(self, request: web.Request) -> web.Response:
        hook = "agent" if "EventType" in request.query else "passthru"
        self.told.append((f"{hook} {request.query.get('EventType', '')}".strip(), dict(request.query)))
        return web.Response()

    async def status(self, request: web.Request) -> web.Response:
        form = await request.post()
        self.told.append((f"status {form['EventType']!s}", dict(form)))
        return web.Response()

    async def events(self, request: web.Request) -> web.Response:
        body = await request.json()
        name = request.match_info["name"]
        self.told += [(f"{name} {event['name']}", event) for event in body["events"]]
        return web.json_response({}, status=202)

    async def acknowledge(self, request: web.Request) -> web.Response:
        self.told.append((f"{request.match_info['name']} ack", request.match_info["push"]))
        return web.json_response({}, status=202)

    async def feedback(self, request: web.Request) -> web.Response:
        self.early -= 1
        if self.early >= 0:
            return web.json_response({}, status=404)
        self.told.append(("feedback", await request.json()))
        return web.json_response({})

    async def push(self, request: web.Request) -> web.Response:
        body: dict[str, Any] = await request.json()
        for number in range(self.phones.get(body["subscriberName"], 0)):
            data = {"payload": body["payload"], "pushId": "push1"}
            self.pushes.record({"token": f"phone{number}", "data": data}, self.push_status)
        return web.json_response({})


@dataclass
class Stage:
    servers: Servers
    product: ToldProduct
    backend: Backend
    phones: dict[str, str] = field(default_factory=lambda: {"bob": "bobs-session"})

    def __post_init__(self) -> None:
        self.conversations = Conversations(self.backend, self.product.pushes, "080", self.phones)

    def play(self, caller: str, callee: str, end: str = "answered") -> dict[str, Any]:
        watch = PhoneWatch(self.backend, self.product.pushes, 0.3)
        player = CallPlayer(self.backend, watch, "080", self.conversations)
        answer = self.servers.run(player.play(Call(caller, callee, end=end)))
        until = time.monotonic() + patience(10)
        while not (played := self.conversations.find(answer["call_sid"])) or not played.over:
            assert time.monotonic() < until
            time.sleep(0.02)
        return played.as_json()

    def told(self) -> list[str]:
        return [what for what, _ in self.product.told]

    def about(self, what: str) -> Any:
        return next(about for told, about in self.product.told if told == what)


@pytest.fixture
def stage() -> Iterator[Stage]:
    product, listener = ToldProduct(Pushes(), {"alice": 1, "bob": 1, "erin": 0}), listen()
    with Servers() as servers:
        servers.serve(product.application(), listener)
        http = servers.run(client())
        stage = Stage(servers, product, Backend(http, f"http://127.0.0.1:{port_of(listener)}", "demo1m"))
        yield stage
        servers.run(stage.conversations.close())
        servers.run(http.close())


async def client() -> ClientSession:
    return ClientSession()


def test_an_answered_call_has_all_events_from_dialling_to_rating(stage: Stage) -> None:
    call = stage.play("alice", "bob")

    assert stage.told() == [
        *("agent Dial", "agent Ringing", "bob ack", "agent Answered", "status answered"),
        *("alice onCallInitiated", "alice onCallRinging", "alice onCallEstablished", "alice onCallEnded"),
        *("bob onIncomingCall", "bob onCallEstablished", "bob onCallEnded"),
        *("agent Terminal", "passthru", "status terminal", "feedback"),
    ]
    assert {step["status"] for step in call["steps"]} == {"ok"}
    assert call["outcome"] == "ringing"


def test_the_ids_of_all_events_belong_to_one_call(stage: Stage) -> None:
    sid = stage.play("alice", "bob")["call_sid"]

    assert {about.get("CallSid") for what, about in stage.product.told if what.startswith(("agent", "status"))} == {sid}
    callers, callees = stage.about("alice onCallEnded"), stage.about("bob onCallEnded")
    assert (callers["callId"], callees["pushId"], stage.about("feedback")["callId"]) == (sid, "push1", sid)
    assert callers["sessionId"] != callees["sessionId"]
    assert callers["cdr"] == {"state": "ENDED", "duration": 1, "endReason": "NONE"}


@pytest.mark.parametrize(
    ("end", "dial_status", "reason", "last"),
    [("missed", "no-answer", "TIMEOUT", "bob onMissedCall"), ("rejected", "busy", "BUSY", "bob onCallEnded")],
)
def test_an_unanswered_call_has_events_that_say_so(
    stage: Stage, end: str, dial_status: str, reason: str, last: str
) -> None:
    stage.play("alice", "bob", end)

    passthru = stage.about("passthru")
    assert (passthru["CallType"], passthru["DialCallStatus"]) == ("incomplete", dial_status)
    assert stage.about("alice onCallEnded")["cdr"]["endReason"] == reason
    assert last in stage.told()
    assert not {"agent Answered", "status answered", "feedback"} & set(stage.told())


def test_an_unreachable_callee_sends_no_events(stage: Stage) -> None:
    stage.play("alice", "erin")

    assert stage.told() == [
        *("agent Dial", "alice onCallInitiated", "alice onCallEnded"),
        *("agent Terminal", "passthru", "status terminal"),
    ]


def test_a_call_without_a_callee_has_events_too(stage: Stage) -> None:
    stage.play("alice", "noone")

    assert stage.told() == ["alice onCallInitiated", "alice onCallEnded", "passthru", "status terminal"]


def test_a_logged_out_phone_sends_no_events(stage: Stage) -> None:
    stage.phones.clear()
    stage.play("alice", "bob")

    assert not [what for what in stage.told() if what.startswith("bob")]


def test_a_running_call_can_be_cancelled(stage: Stage) -> None:
    watch = PhoneWatch(stage.backend, stage.product.pushes, 0.3)
    player = CallPlayer(stage.backend, watch, "080", stage.conversations)
    sid = stage.servers.run(player.play(Call("alice", "bob")))["call_sid"]
    stage.servers.run(stage.conversations.close())

    played = stage.conversations.find(sid)
    assert played is not None
    assert played.over
    assert "feedback" not in stage.told()
