"""The customer's server makes, changes, reads and deletes users: the deployed functions, and Exotel's simulator."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local.faults import Fault
from switchboard.adapters.call_contexts import DynamoCallContexts
from switchboard.adapters.devices import DynamoDevices
from switchboard.domain.calls import CallContext
from switchboard.domain.subscribers import Device, TokenType
from tests.events import recorded
from tests.identity_stack import IdentityStack, identity_stack

GROUPS = [
    {"group": "Team", "is_special": True, "contacts": [{"contact_name": "Bob", "contact_number": "bob"}]},
    {"group": "Nobody yet", "is_special": False, "contacts": []},
]


@pytest.fixture(scope="module")
def shared() -> Iterator[IdentityStack]:
    with identity_stack() as running:
        yield running


@pytest.fixture
def stack(shared: IdentityStack) -> IdentityStack:
    shared.simulators.faults.clear()
    for table in ("SubscribersTable", "LoginAttemptsTable", "CallContextsTable"):
        shared.empty(table)
    return shared


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


@pytest.mark.parametrize("key", ["", "wrong", "local-server-ke", "local-server-keys", "lücke"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_only_the_server_key_lets_in(stack: IdentityStack, method: str, key: str) -> None:
    answer = stack.as_server(method, body={}, key=key)
    assert (answer.status, answer.body["code"]) == (401, "wrong_server_key")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"password": "short"}, "password"),
        ({"password": "x" * 129}, "password"),
        ({"password": 12345678}, "password"),
        ({"display_name": "Alice Smith"}, "display_name"),
        ({"display_name": ""}, "display_name"),
        ({"display_name": "Älice"}, "display_name"),
        ({"display_name": "Alice\n"}, "display_name"),
        ({"status": "gone"}, "status"),
        ({"status": True}, "status"),
        ({"contact_groups": {}}, "contact_groups"),
        ({"contact_groups": [{"group": "Team"}]}, "contact_groups.0.contacts"),
        ({"contact_groups": [{"group": "", "contacts": []}]}, "contact_groups.0.group"),
        ({"contact_groups": [{"group": "Team", "is_special": "yes", "contacts": []}]}, "contact_groups.0.is_special"),
        (
            {
                "contact_groups": [
                    {"group": "Team", "contacts": [{"contact_name": "B\u0007b", "contact_number": "bob"}]}
                ]
            },
            "contact_groups.0.contacts.0.contact_name",
        ),
        ({"contact_groups": [{"group": "Team", "contacts": []}] * 21}, "contact_groups"),
    ],
)
def test_a_field_that_is_refused_is_named(stack: IdentityStack, body: dict[str, Any], field: str) -> None:
    answer = stack.as_server("PUT", body=body)
    assert (answer.status, answer.body["field"]) == (422, field)
    assert stack.as_server("GET").status == 404


@pytest.mark.parametrize("name", ["a%20b", "seventeenletters1", "al%23ice", "%C3%A4lice"])
def test_a_name_that_exotel_would_refuse_is_refused(stack: IdentityStack, name: str) -> None:
    answer = stack.as_server("PUT", name, body={})
    assert (answer.status, answer.body["field"]) == (422, "name")
    assert stack.as_server("GET", name).status == 404


def test_an_account_that_is_not_configured_is_not_found(stack: IdentityStack) -> None:
    answer = stack.as_server("PUT", body={}, account="unknown1m")
    assert (answer.status, answer.body["code"]) == (404, "unknown_account")


def test_a_failing_exotel_is_named_and_nobody_is_created(stack: IdentityStack) -> None:
    stack.simulators.faults.add(Fault("exotel", status=403, times=1))
    answer = stack.as_server("PUT", body={})
    assert (answer.status, answer.body["code"]) == (502, "exotel_voip_disabled")
    assert stack.as_server("GET").status == 404


def test_without_a_server_key_the_operator_is_told_what_to_run(stack: IdentityStack) -> None:
    stack.deployment.fill("AccountsSecret", {"accounts": {}})
    stack.restart()
    answer = stack.as_server("GET", key="")
    assert (answer.status, answer.body["code"]) == (503, "not_configured")
    stack.set_accounts(stack.simulators.exotel_url)
    stack.restart()


def test_half_an_account_is_named_as_the_fault(stack: IdentityStack) -> None:
    stack.deployment.fill(
        "AccountsSecret", {"server_key": "local-server-key", "accounts": {"demo1m": {"api_key": "k"}}}
    )
    stack.restart()
    answer = stack.as_server("GET")
    assert (answer.status, answer.body["code"]) == (503, "not_configured")
    assert "api_token" in answer.body["message"]
    stack.set_accounts(stack.simulators.exotel_url)
    stack.restart()
