"""Phones stop ringing on the deployed stack: a user's two phones, for each event that ends a call."""

import secrets
import time
import uuid
from collections.abc import Callable

import pytest

from tests.patience import in_time
from tests.stack.conftest import Api, wait_until
from tests.stack.ringing import PATIENCE, SERVER, Ringing

STOPPED_SECONDS = 1  # from the event to the push service, on an idle machine


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
    assert ringing.ack(0, push_id, "ringing").status_code == 202

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
