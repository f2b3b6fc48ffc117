"""The customer's server makes, changes, reads and deletes users: the deployed functions, and Exotel's simulator."""

import json

import pytest

from switchboard.calls.context import CallContext
from switchboard.calls.dynamodb import DynamoCallContexts
from switchboard.subscribers.devices_dynamodb import DynamoDevices
from switchboard.subscribers.subscriber import Device, TokenType
from tests.events import recorded
from tests.identity_stack import IdentityStack

GROUPS = [
    {"group": "Team", "is_special": True, "contacts": [{"contact_name": "Bob", "contact_number": "bob"}]},
    {"group": "Nobody yet", "is_special": False, "contacts": []},
]


@pytest.fixture
def stack(empty_stack: IdentityStack) -> IdentityStack:
    return empty_stack


def devices(stack: IdentityStack) -> DynamoDevices:
    return DynamoDevices(stack.deployment.client("dynamodb"), stack.deployment.reference("SubscribersTable"))


def contexts(stack: IdentityStack) -> DynamoCallContexts:
    return DynamoCallContexts(stack.deployment.client("dynamodb"), stack.deployment.reference("CallContextsTable"))


def test_the_recorded_request_creates_a_subscriber_who_can_log_in(stack: IdentityStack) -> None:
    answer = stack.play(recorded("manage_subscribers"))
    assert answer.status == 201
    times = {key: answer.body.pop(key) for key in ("created_at", "updated_at")}
    assert answer.body == {
        "http_code": 201,
        "request_id": "manage-subscribers-1",
        "subscriber_name": "alice",
        "display_name": "Alice",
        "status": "active",
        "has_password": True,
        "devices": 0,
        "contact_groups": [],
    }
    assert times["created_at"] == times["updated_at"] > 1_700_000_000
    assert stack.simulators.exotel.subscribers.get("demo1m", "alice") is not None
    assert stack.login().status == 200


def test_a_change_keeps_the_rest_and_get_shows_it(stack: IdentityStack) -> None:
    stack.as_server("PUT", body={"password": "switchboard", "display_name": "Alice"})
    changed = stack.as_server("PUT", body={"contact_groups": GROUPS})
    assert changed.status == 200
    shown = stack.as_server("GET").body
    assert shown == changed.body
    assert (shown["display_name"], shown["has_password"], shown["contact_groups"]) == ("Alice", True, GROUPS)
    assert "hash" not in json.dumps(shown)


def test_a_body_may_be_empty_and_hold_what_we_do_not_know(stack: IdentityStack) -> None:
    assert stack.as_server("PUT").status == 201
    assert stack.as_server("PUT", body={"note": "?", "password": None}).status == 200
    assert stack.as_server("GET").body["has_password"] is False


def test_suspending_ends_the_session_the_context_and_the_login(stack: IdentityStack) -> None:
    stack.as_server("PUT", body={"password": "switchboard"})
    session = stack.login().body["session_token"]
    contexts(stack).put(CallContext("demo1m", "alice", "bob", "", 1, 9_999_999_999))
    answer = stack.as_server("PUT", body={"status": "inactive"})
    assert (answer.status, answer.body["status"]) == (200, "inactive")
    assert stack.as_user(session, "token", {"device_id": "x"}).status == 401
    assert stack.login().body["code"] == "suspended"
    assert contexts(stack).find("demo1m", "alice", 1) is None
    known = stack.simulators.exotel.subscribers.get("demo1m", "alice")
    assert known is not None
    assert known.status == "inactive"


def test_a_suspension_can_be_lifted_but_old_sessions_stay_ended(stack: IdentityStack) -> None:
    stack.as_server("PUT", body={"password": "switchboard"})
    session = stack.login().body["session_token"]
    stack.as_server("PUT", body={"status": "inactive"})
    stack.as_server("PUT", body={"status": "active"})
    assert stack.login().status == 200
    assert stack.as_user(session, "token", {"device_id": "x"}).status == 401


def test_a_deletion_takes_all_away(stack: IdentityStack) -> None:
    stack.as_server("PUT", body={"password": "switchboard"})
    session = stack.login().body["session_token"]
    devices(stack).register("demo1m", "alice", Device("token", TokenType.FCM, 1))
    contexts(stack).put(CallContext("demo1m", "alice", "bob", "", 1, 9_999_999_999))
    assert stack.as_server("GET").body["devices"] == 1
    answer = stack.as_server("DELETE")
    assert (answer.status, answer.text) == (204, "")
    assert answer.headers["Erasure-Id"]
    assert stack.as_server("GET").status == 404
    assert stack.as_server("DELETE").status == 404
    assert stack.simulators.exotel.subscribers.get("demo1m", "alice") is None
    assert stack.login().status == 403
    assert stack.as_user(session, "token", {"device_id": "x"}).status == 401
    assert stack.items("SubscribersTable") == stack.items("CallContextsTable") == []


def test_a_deleted_subscriber_who_comes_back_has_no_old_sessions(stack: IdentityStack) -> None:
    stack.as_server("PUT", body={"password": "switchboard"})
    session = stack.login().body["session_token"]
    stack.as_server("DELETE")
    stack.as_server("PUT", body={"password": "switchboard"})
    assert stack.as_user(session, "token", {"device_id": "x"}).status == 401
