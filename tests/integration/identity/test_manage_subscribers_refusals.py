"""What the subscriber API refuses: strangers, bad fields, accounts that are not set up; and an Exotel that fails."""

from typing import Any

import pytest

from local.simulators.faults import Fault
from tests.identity_stack import IdentityStack


@pytest.fixture
def stack(empty_stack: IdentityStack) -> IdentityStack:
    return empty_stack


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


def test_without_a_server_key_the_error_names_the_command_to_run(stack: IdentityStack) -> None:
    stack.reconfigure({"accounts": {}})
    answer = stack.as_server("GET", key="")
    assert (answer.status, answer.body["code"]) == (503, "not_configured")


def test_half_an_account_is_named_as_the_fault(stack: IdentityStack) -> None:
    stack.reconfigure({"server_key": "local-server-key", "accounts": {"demo1m": {"api_key": "k"}}})
    answer = stack.as_server("GET")
    assert (answer.status, answer.body["code"]) == (503, "not_configured")
    assert "api_token" in answer.body["message"]
