"""Phones stop ringing on the deployed stack: a user's two phones, for each event that ends a call."""

import secrets
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from local import demo
from local.calls.call_data import call_data
from tests.patience import in_time
from tests.stack.conftest import ACCOUNT, EXOTEL, Api, wait_until

SERVER = {"Authorization": f"Bearer {demo.SERVER_KEY}"}
STOPPED_SECONDS = 1  # from the event to the push service, on an idle machine
PATIENCE = 30


@dataclass
class Ringing:
    """A call from a user with one phone to a user with two, all this test's own."""

    api: Api
    caller: str = field(default_factory=lambda: f"a{uuid.uuid4().hex[:12]}")
    callee: str = field(default_factory=lambda: f"d{uuid.uuid4().hex[:12]}")
    sessions: list[dict[str, str]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    session_id: str = ""

    def __post_init__(self) -> None:
        for name in (self.caller, self.callee):
            put = self.api.http.put(self.api.subscriber(name), json={"password": demo.PASSWORD}, headers=SERVER)
            assert put.is_success, put.text
        self.callers = self.api.login(self.caller, "phone-of-caller")

    def phone(self, **more: Any) -> str:
        """Register a phone of the callee's whose app understands a cancel, and return its token."""
        session = self.api.login(self.callee, f"phone-{len(self.sessions)}")
        body = {"deviceToken": f"fcm-{uuid.uuid4().hex}", "platform": "android", "knows": ["cancel"]} | more
        answer = self.api.http.post(self.api.subscriber(self.callee, "/devicetoken"), json=body, headers=session)
        assert answer.status_code == 200, answer.text
        self.sessions.append(session)
        self.tokens.append(body["deviceToken"])
        return str(body["deviceToken"])

    def dial(self) -> str:
        """Have the caller dial, and Exotel send the push; return the CallSid."""
        call_sid, self.session_id = uuid.uuid4().hex, secrets.token_hex(8)
        assert self.api.set_context(self.caller, self.callee, self.callers).is_success
        assert self.api.dial_whom(self.caller, call_sid).text == f"sip:{self.callee}"
        self.push()
        return call_sid

    def push(self) -> None:
        assert self.api.push(self.callee, call_data(self.caller, self.session_id)).status_code == 200

    def got(self, token: str) -> list[dict[str, Any]]:
        """Return the messages that a phone has got, with the time of each."""
        pushes = [one for one in self.api.stack.simulators.pushes.accepted() if one.token == token]
        return [{**one.data, "_at": one.at, "_push": one.as_json()} for one in pushes]

    def kinds(self, token: str) -> list[str]:
        return [one["type"] if one["type"] == "call" else one["reason"] for one in self.got(token)]

    def rung(self) -> str:
        """Wait until all phones ring; return the pushId."""
        wait_until(lambda: all(self.kinds(token) for token in self.tokens), PATIENCE)
        return str(self.got(self.tokens[0])[-1]["pushId"])

    def stopped(self, *tokens: str) -> None:
        """Wait until these phones have got a cancel, and everything is delivered."""
        wait_until(lambda: all(self.kinds(token)[-1] != "call" for token in tokens), PATIENCE)
        self.settled()

    def settled(self) -> None:
        wait_until(lambda: self.api.queued() == 0, PATIENCE)

    def ack(self, phone: int, push_id: str, state: str) -> httpx.Response:
        path = self.api.subscriber(self.callee, f"/pushes/{push_id}/ack")
        return self.api.http.post(path, json={"state": state}, headers=self.sessions[phone])

    def report(self, name: str, session: dict[str, str], event: str, **ids: str) -> None:
        body = {"name": event, "time": time.time(), **ids}
        assert self.api.http.post(self.api.subscriber(name, "/events"), json=body, headers=session).status_code == 202

    def agent(self, call_sid: str, event: str) -> None:
        """Send Exotel's agent pass-through."""
        about = {"CallSid": call_sid, "CallFrom": f"sip:{self.caller}", "DialWhomNumber": f"sip:{self.callee}"}
        state = {"EventType": event, "Status": "free" if event == "Terminal" else "busy"}
        assert self.api.http.get(f"{ACCOUNT}/callevents", params=about | state, auth=EXOTEL).status_code == 200

    def passthru(self, call_sid: str, call_type: str, dial_status: str) -> None:
        about = {"CallSid": call_sid, "CallFrom": f"sip:{self.caller}", "CallType": call_type}
        query = about | {"DialCallStatus": dial_status}
        assert self.api.http.get(f"{ACCOUNT}/callevents", params=query, auth=EXOTEL).status_code == 200

    def change(self, status: str) -> None:
        answer = self.api.http.put(self.api.subscriber(self.callee), json={"status": status}, headers=SERVER)
        assert answer.is_success, answer.text


@pytest.fixture
def ringing(denying: Api) -> Ringing:
    call = Ringing(denying)
    call.phone()
    call.phone(platform="ios", tokenType="fcm")
    return call


@pytest.mark.parametrize(
    ("state", "reason"),
    [("answered", "answeredElsewhere"), ("declined", "declinedElsewhere"), ("busy", "declinedElsewhere")],
)
def test_the_ack_of_one_phone_stops_the_other(ringing: Ringing, state: str, reason: str) -> None:
    first, second = ringing.tokens
    ringing.dial()
    push_id = ringing.rung()

    began = time.time()
    assert ringing.ack(0, push_id, state).status_code == 202
    ringing.stopped(second)

    assert (ringing.kinds(first), ringing.kinds(second)) == (["call"], ["call", reason])
    call, cancel = ringing.got(second)
    assert {name: cancel[name] for name in ("pushId", "callUuid", "subscriberName")} == {
        name: call[name] for name in ("pushId", "callUuid", "subscriberName")
    }
    assert set(cancel) - {"_at", "_push"} == {"type", "pushId", "callUuid", "subscriberName", "reason", "at"}
    assert in_time(cancel["_at"] / 1000 - began, STOPPED_SECONDS)
    apns = cancel["_push"]["message"]["apns"]
    assert apns["headers"]["apns-collapse-id"] == call["callUuid"]
    assert "sound" not in apns["payload"]["aps"]


@pytest.mark.parametrize(("name", "reason"), [("onCallEstablished", "answeredElsewhere"), ("onCallEnded", "ended")])
def test_an_event_of_one_phones_sdk_stops_the_other(ringing: Ringing, name: str, reason: str) -> None:
    first, second = ringing.tokens
    ringing.dial()
    ringing.rung()

    ringing.report(ringing.callee, ringing.sessions[0], name, sessionId=ringing.session_id)
    ringing.stopped(second)

    assert (ringing.kinds(first), ringing.kinds(second)) == (["call"], ["call", reason])


def by_callers_app(ringing: Ringing, call_sid: str) -> None:
    ringing.report(ringing.caller, ringing.callers, "onCallEnded", callId=call_sid)


def by_terminal(ringing: Ringing, call_sid: str) -> None:
    ringing.agent(call_sid, "Terminal")


def by_passthru(ringing: Ringing, call_sid: str) -> None:
    ringing.passthru(call_sid, "client-hangup", "no-answer")


def by_suspension(ringing: Ringing, _: str) -> None:
    ringing.change("inactive")


def by_deletion(ringing: Ringing, _: str) -> None:
    answer = ringing.api.http.delete(ringing.api.subscriber(ringing.callee), headers=SERVER)
    assert answer.status_code == 204, answer.text


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        (by_callers_app, "callerHungUp"),
        (by_terminal, "ended"),
        (by_passthru, "callerHungUp"),
        (by_suspension, "ended"),
        (by_deletion, "ended"),
    ],
)
def test_both_phones_stop_once_where_the_call_ends_before_anybody_answers(
    ringing: Ringing, end: Callable[[Ringing, str], None], reason: str
) -> None:
    call_sid = ringing.dial()
    ringing.rung()

    began = time.time()
    end(ringing, call_sid)
    ringing.stopped(*ringing.tokens)
    if end is not by_deletion:
        by_terminal(ringing, call_sid)
    ringing.push()  # Exotel sends it again
    ringing.settled()

    assert [ringing.kinds(token) for token in ringing.tokens] == [["call", reason]] * 2
    assert in_time(max(ringing.got(token)[-1]["_at"] for token in ringing.tokens) / 1000 - began, STOPPED_SECONDS)


def test_an_answer_that_exotel_reports_stops_the_other_phone_once_the_ack_names_the_first(ringing: Ringing) -> None:
    first, second = ringing.tokens
    call_sid = ringing.dial()
    push_id = ringing.rung()

    ringing.agent(call_sid, "Answered")
    ringing.agent(call_sid, "Terminal")
    ringing.settled()
    assert (ringing.kinds(first), ringing.kinds(second)) == (["call"], ["call"])
    ringing.ack(0, push_id, "answered")
    ringing.stopped(second)

    assert (ringing.kinds(first), ringing.kinds(second)) == (["call"], ["call", "answeredElsewhere"])


def test_a_phone_that_logs_out_stops_and_the_other_rings_on(ringing: Ringing) -> None:
    first, second = ringing.tokens
    ringing.dial()
    ringing.rung()

    path = ringing.api.subscriber(ringing.callee, "/logout")
    assert ringing.api.http.post(path, json={}, headers=ringing.sessions[0]).status_code == 200
    ringing.stopped(first)

    assert (ringing.kinds(first), ringing.kinds(second)) == (["call", "ended"], ["call"])


def test_a_voip_phone_gets_a_voip_cancel_with_the_uuid_of_its_invite(denying: Api) -> None:
    ringing = Ringing(denying)
    ringing.phone()
    voip = ringing.phone(deviceToken=uuid.uuid4().hex * 2, platform="ios", tokenType="apns-voip")
    ringing.dial()
    push_id = ringing.rung()

    ringing.ack(0, push_id, "answered")
    ringing.stopped(voip)

    call, cancel = (one["_push"] for one in ringing.got(voip))
    assert cancel["message"]["reason"] == "answeredElsewhere"
    assert cancel["message"]["callUuid"] == call["message"]["callUuid"]
    for name in ("apns-push-type", "apns-topic", "apns-expiration", "apns-collapse-id"):
        assert cancel["headers"][name] == call["headers"][name]


def test_an_invite_that_comes_after_the_end_of_its_call_rings_nowhere(ringing: Ringing) -> None:
    call_sid, ringing.session_id = uuid.uuid4().hex, secrets.token_hex(8)
    ringing.api.set_context(ringing.caller, ringing.callee, ringing.callers)
    ringing.api.dial_whom(ringing.caller, call_sid)
    by_terminal(ringing, call_sid)
    ringing.settled()

    ringing.push()
    ringing.settled()

    assert [ringing.kinds(token) for token in ringing.tokens] == [[], []]


def test_who_hangs_up_and_dials_again_at_once_rings_again(ringing: Ringing) -> None:
    first_call = ringing.dial()
    ringing.rung()
    by_callers_app(ringing, first_call)
    ringing.dial()
    by_terminal(ringing, first_call)
    wait_until(lambda: all(len(ringing.kinds(token)) == 3 for token in ringing.tokens), PATIENCE)
    ringing.settled()

    for token in ringing.tokens:
        assert sorted(ringing.kinds(token)) == ["call", "call", "callerHungUp"]
        invites = [one["callUuid"] for one in ringing.got(token) if one["type"] == "call"]
        (cancelled,) = [one["callUuid"] for one in ringing.got(token) if one["type"] == "cancel"]
        assert cancelled == invites[0] != invites[1]


@pytest.mark.parametrize("state", ["answered", "declined", "busy"])
def test_forged_acks_do_nothing(ringing: Ringing, state: str) -> None:
    ringing.dial()
    push_id = ringing.rung()
    api, stranger = ringing.api, Ringing(ringing.api)
    stranger.phone()

    forged = [
        (stranger.callee, push_id, stranger.sessions[0], 202),  # another user's push, under one's own name
        (ringing.callee, push_id, stranger.sessions[0], 403),
        (ringing.caller, push_id, ringing.callers, 202),  # the caller has no device of it
        (ringing.callee, f"{push_id[:32]}00000000", ringing.sessions[0], 202),  # an id that was never given out
    ]
    for name, one, session, status in forged:
        path = api.subscriber(name, f"/pushes/{one}/ack")
        answer = api.http.post(path, json={"state": state}, headers=session)
        assert answer.status_code == status
        assert answer.json().get("context") is None
    ringing.settled()

    assert [ringing.kinds(token) for token in ringing.tokens] == [["call"], ["call"]]


def test_an_unknown_state_or_message_is_refused_by_name(ringing: Ringing) -> None:
    ringing.dial()
    refused = ringing.ack(0, ringing.rung(), "hungup")
    assert (refused.status_code, refused.json()["field"]) == (422, "state")
    path = ringing.api.subscriber(ringing.callee, "/devicetoken")
    body = {"deviceToken": "a-token", "knows": ["cancels"]}
    refused = ringing.api.http.post(path, json=body, headers=ringing.sessions[0])
    assert (refused.status_code, refused.json()["field"]) == (422, "knows.0")
