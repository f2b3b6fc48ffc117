"""Calls from phone to phone, in the orders in which the three apps make them."""

import json
import threading
import time
import uuid

import pytest

from local import demo
from local.calls.call_data import call_data
from tests.patience import in_time
from tests.sam_template import ROOT
from tests.stack.conftest import EXOTEL, Api, wait_until
from tests.stack.log_scan import leaks, lines, planted

VECTORS = json.loads((ROOT / "tests" / "vectors" / "dial_whom.json").read_text())["cases"]


@pytest.mark.parametrize("order", ["context-first", "dial-first"])
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_call_rings_in_either_order_and_format(allowing: Api, order: str, form: str) -> None:
    assert allowing.call("alice", "bob", order=order, format=form)["outcome"] == "ringing"


def test_both_of_daves_phones_ring(allowing: Api) -> None:
    allowing.http.delete("/_sim/pushes")
    assert allowing.call("alice", "dave")["outcome"] == "ringing"
    assert len({token for token, _ in allowing.rung()}) == 2


def test_erin_has_no_phone_and_nothing_hangs(allowing: Api) -> None:
    began = time.monotonic()
    assert allowing.call("alice", "erin")["outcome"] == "no-device"
    assert in_time(time.monotonic() - began, 10)


def test_a_callee_without_an_account_is_no_destination_for_nobody_set_it(allowing: Api) -> None:
    allowing.http.delete(allowing.subscriber("carol", "/context"))
    answer = allowing.dial_whom("carol", uuid.uuid4().hex)
    assert answer.status_code == 404


def test_a_context_renewed_half_a_second_after_dialling_reaches_the_new_callee(allowing: Api) -> None:
    alice = allowing.login("alice")
    allowing.set_context("alice", "bob", alice)
    assert allowing.dial_whom("alice", uuid.uuid4().hex).text == "sip:bob"
    renewal = threading.Timer(0.5, allowing.set_context, ("alice", "carol", alice))
    renewal.start()
    assert allowing.dial_whom("alice", uuid.uuid4().hex).text == "sip:carol"
    renewal.join()


def test_dial_whom_answers_a_caller_without_context_within_four_seconds(allowing: Api) -> None:
    began = time.monotonic()
    assert allowing.dial_whom("nobody", uuid.uuid4().hex).status_code == 404
    assert time.monotonic() - began > 1.4
    assert in_time(time.monotonic() - began, 4.0)


@pytest.mark.parametrize("stack", ["allowing", "denying"])
def test_every_dial_whom_vector_passes_in_both_modes(stack: str, request: pytest.FixtureRequest) -> None:
    api: Api = request.getfixturevalue(stack)
    for case in VECTORS:
        api.set_context("alice", "bob")
        url = f"/v1/accounts/{demo.ACCOUNT}/dialtonumber?{case['query']}"
        answer = api.http.get(url, headers=case["headers"], auth=EXOTEL)
        assert answer.status_code == case["status"], case["name"]
        if "body" in case:
            assert answer.text == case["body"], case["name"]
        if "content_type" in case:
            assert answer.headers["content-type"].split(";")[0] == case["content_type"], case["name"]
        if "json" in case:
            assert case["json"].items() <= answer.json().items(), case["name"]


def test_the_secret_path_serves_where_url_credentials_do_not_survive(denying: Api) -> None:
    denying.set_context("alice", "bob")
    query = {"CallSid": uuid.uuid4().hex, "CallFrom": "sip:alice"}
    path = f"/v1/hooks/{demo.WEBHOOK_PATH}/accounts/{demo.ACCOUNT}/dialtonumber"
    assert denying.http.get(path, params=query).text == "sip:bob"
    assert denying.http.get(path.replace(demo.WEBHOOK_PATH, "wrong"), params=query).status_code == 401


def test_a_call_leaves_lines_of_every_function_in_it_and_no_secret_in_any(denying: Api) -> None:
    assert denying.call("alice", "bob")["outcome"] == "ringing"
    services = {"vend_token", "call_context", "dial_whom", "accept_push", "deliver_push", "manage_devices"}

    def missing() -> set[str]:
        written = list(lines(denying.stack))
        return {service for service in services if not any(f'"service":"{service}"' in line for line in written)}

    wait_until(lambda: not missing(), 5)  # the phone rings before deliver_push ends and writes its line
    assert leaks(denying.stack) == []


def test_a_secret_in_any_log_is_found(denying: Api) -> None:
    wrong = {"user_name": "alice", "password": "a-wrong-password", "account_sid": demo.ACCOUNT, "device_id": "x"}
    assert denying.http.post("/v1/login", json=wrong).status_code == 403
    own, server = {"password": "a-password-of-ninas"}, {"Authorization": f"Bearer {demo.SERVER_KEY}"}
    assert denying.http.put(denying.subscriber("nina"), json=own, headers=server).is_success  # of no other test
    assert denying.http.post("/v1/login", json=wrong | {"user_name": "nina", **own}).status_code == 200
    secrets = [
        denying.login("alice")["Authorization"].removeprefix("Bearer "),
        *(demo.first_phone("bob").token, call_data("alice"), "a-wrong-password"),
        *(demo.WEBHOOK_PASSWORD, demo.WEBHOOK_PATH, demo.SERVER_KEY, demo.API_KEY, "a-password-of-ninas"),
    ]
    for secret in secrets:
        with planted(denying.stack, f'{{"message":"served","it":"{secret}"}}'):
            assert leaks(denying.stack) != [], secrets.index(secret)
    assert leaks(denying.stack) == []
