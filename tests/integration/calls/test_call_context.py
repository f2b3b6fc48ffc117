"""Call context as API Gateway invokes it: the stock apps' requests, sessions and access rights."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from switchboard.subscribers.subscriber import Status
from tests.call_context_stack import Stack
from tests.deployment import deployed
from tests.events import recorded

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "sample_apps.json").read_text())["context"]


@pytest.fixture
def stack() -> Iterator[Stack]:
    with deployed() as deployment:
        yield Stack(deployment)


@pytest.fixture
def open_stack() -> Iterator[Stack]:
    with deployed(StockApps="allow") as deployment:
        yield Stack(deployment)


BOB = {"dialToNumber": "sip:bob", "message": "about your order"}


def test_every_vector_of_the_stock_apps_passes_where_they_are_let_in(open_stack: Stack) -> None:
    for case in VECTORS:
        status, body = open_stack.ask(case["method"], case.get("headers"), case.get("json"))
        assert status in case["needs"]["status"], case["app"]
        assert all(key in body for key in case["needs"].get("present", [])), case["app"]


def test_the_stock_apps_are_refused_otherwise(stack: Stack) -> None:
    for case in VECTORS:
        assert stack.ask(case["method"], case.get("headers"), case.get("json"))[0] == 401, case["app"]


def test_a_caller_sets_reads_and_deletes_a_context(stack: Stack) -> None:
    alice = stack.session("alice")
    assert stack.ask("POST", alice, BOB)[0] == 200
    status, body = stack.ask("GET", alice)
    assert (status, body["dialToNumber"], body["message"]) == (200, "bob", "about your order")
    assert stack.ask("DELETE", alice)[0] == 200
    assert stack.ask("GET", alice)[0] == 404


def test_the_callee_may_read_it_and_nobody_else(stack: Stack) -> None:
    stack.ask("POST", stack.session("alice"), BOB)
    body = stack.ask("GET", stack.session("bob"))[1]
    assert (body["message"], body["callerName"]) == ("about your order", "Alice of Sales")
    assert stack.ask("GET", stack.session("carol"))[0] == 403


def test_a_stock_app_reads_an_empty_message_where_there_is_no_context(open_stack: Stack) -> None:
    status, body = open_stack.ask("GET")
    assert (status, body["message"], body["callerName"]) == (200, "", "Alice of Sales")
    open_stack.ask("POST", None, {"dialToNumber": "wa:919876543210", "message": "no"})
    assert open_stack.ask("GET")[1]["message"] == ""
    open_stack.ask("POST", None, BOB)
    body = open_stack.ask("GET")[1]
    assert (body["message"], body["callerName"]) == ("about your order", "Alice of Sales")


def test_a_message_for_the_callee_never_holds_an_error_message(open_stack: Stack) -> None:
    def refused(status: int, headers: dict[str, str] | None = None, **where: str) -> str:
        answered, body = open_stack.ask("GET", headers, **where)
        assert (answered, body["message"]) == (status, "")
        assert body["detail"]
        return str(body["code"])

    alice, expired = open_stack.session("alice"), open_stack.session("alice", at=time.time() - 7200)
    assert refused(404, alice) == "no_context"
    assert refused(403, open_stack.session("bob")) == "not_yours"
    assert refused(403, open_stack.session("alice", "other")) == "not_yours"
    assert refused(401, expired) == "session_expired"
    assert refused(404, name="nobody") == "unknown_subscriber"
    assert refused(404, name="a" * 5000) == "unknown_subscriber"
    open_stack.put("demo1m", "carol", status=Status.INACTIVE)
    assert refused(403, name="carol") == "suspended"
    open_stack.break_contexts()
    assert refused(503) == "unavailable"
    open_stack.break_everything()
    assert refused(500) == "internal"


def test_the_other_methods_say_in_message_what_is_wrong(stack: Stack) -> None:
    for method in ("POST", "DELETE"):
        body = stack.ask(method, None, BOB)[1]
        assert (bool(body["message"]), "detail" in body) == (True, False)


def test_an_impossible_caller_name_has_no_context_however_long_it_is(stack: Stack) -> None:
    for name in ("no-body", "a" * 5000):
        assert stack.ask("GET", stack.session("bob"), name=name)[0] == 403


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_the_callee_may_not_change_it(stack: Stack, method: str) -> None:
    assert stack.ask(method, stack.session("bob"), BOB)[0] == 403


def test_the_same_name_in_another_account_is_somebody_else(stack: Stack) -> None:
    stack.ask("POST", stack.session("alice"), BOB)
    stranger = stack.session("alice", "other")
    for method in ("POST", "GET", "DELETE"):
        assert stack.ask(method, stranger, BOB)[0] == 403
    assert stack.ask("GET", stack.session("alice"), account="other")[0] == 403


@pytest.mark.parametrize("opened", [False, True])
def test_a_session_of_ours_is_checked_in_full_whatever_is_let_in(opened: bool) -> None:
    with deployed(StockApps="allow" if opened else "deny") as deployment:
        stack = Stack(deployment)
        assert stack.ask("POST", stack.session("carol"), BOB)[0] == 403
        assert stack.ask("POST", stack.session("alice", at=time.time() - 7200), BOB)[1]["code"] == "session_expired"
        alice = stack.session("alice")
        assert stack.ask("POST", alice, BOB)[0] == 200
        stack.log_out("alice")
        assert stack.ask("POST", alice, BOB)[1]["code"] == "session_ended"


def test_a_new_session_version_ends_all_sessions(stack: Stack) -> None:
    alice = stack.session("alice")
    stack.put("demo1m", "alice", version="v2")
    assert stack.ask("POST", alice, BOB)[0] == 401


def test_a_suspended_subscriber_sets_nothing(stack: Stack) -> None:
    alice = stack.session("alice")
    stack.put("demo1m", "alice", status=Status.INACTIVE)
    assert stack.ask("POST", alice, BOB)[0] == 401


def test_a_stock_app_acts_only_for_a_subscriber_who_is_there_and_active(open_stack: Stack) -> None:
    assert open_stack.ask("POST", None, BOB, name="nobody")[0] == 404
    open_stack.put("demo1m", "alice", status=Status.INACTIVE)
    assert open_stack.ask("POST", None, BOB)[0] == 403


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ("{", 400, None),
        ("[]", 400, None),
        ({}, 422, "dialToNumber"),
        ({"dialToNumber": 5}, 422, "dialToNumber"),
        ({"dialToNumber": "bob", "message": "x" * 1001}, 422, "message"),
        ("x" * 70_000, 413, None),
    ],
)
def test_bad_bodies_are_refused_by_what_is_wrong(stack: Stack, body: object, status: int, field: str | None) -> None:
    answered, answer = stack.ask("POST", stack.session("alice"), body)
    assert (answered, answer.get("field")) == (status, field)


def test_the_recorded_event_is_a_session_that_is_not_ours(stack: Stack) -> None:
    assert stack._app.handler(recorded("call_context"), None)["statusCode"] == 401


def test_the_session_key_is_read_during_init(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "CallContext")
    with deployed() as deployment:
        stack = Stack(deployment)
        alice = stack.session("alice")
        deployment.client("secretsmanager").delete_secret(SecretId=deployment.reference("SessionSecret"))
        assert stack.ask("POST", alice, BOB)[0] == 200
