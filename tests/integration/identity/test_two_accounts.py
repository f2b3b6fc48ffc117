"""Two Exotel accounts in one deployment: neither can do anything in the other."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.identity_stack import Answer, IdentityStack, identity_stack

OTHER = "/v1/accounts/other1m/subscribers/alice"


@pytest.fixture(scope="module")
def stack() -> Iterator[IdentityStack]:
    """The same name in both accounts, with a password of its own in each."""
    with identity_stack() as running:
        running.as_server("PUT", body={"password": "switchboard", "display_name": "One"})
        running.as_server("PUT", body={"password": "another-one", "display_name": "Two"}, account="other1m")
        yield running


def session(stack: IdentityStack, **changes: Any) -> str:
    answer = stack.login(**changes)
    assert answer.status == 200
    return str(answer.body["session_token"])


def test_a_password_is_good_in_its_own_account_only(stack: IdentityStack) -> None:
    assert stack.login(password="another-one", account_sid="other1m").body["contact_display_name"] == "Two"
    assert stack.login(account_sid="other1m").status == 403
    assert stack.login(password="another-one").status == 403


def test_each_account_is_vended_tokens_of_its_own_from_exotel(stack: IdentityStack) -> None:
    token = stack.login(password="another-one", account_sid="other1m").body["subscriber_token"]["access_token"]
    assert stack.simulators.exotel.tokens.read(token)["account_sid"] == "other1m"


@pytest.mark.parametrize("action", ["token", "logout"])
def test_a_session_is_good_in_its_own_account_only(stack: IdentityStack, action: str) -> None:
    answer: Answer = stack.as_user(session(stack), action, {"device_id": "x"}, OTHER)
    assert (answer.status, answer.body["code"]) == (403, "not_yours")


def test_a_change_in_one_account_leaves_the_other_alone(stack: IdentityStack) -> None:
    mine = session(stack)
    stack.as_server("PUT", body={"status": "inactive"}, account="other1m")
    assert stack.as_user(mine, "token", {"device_id": "x"}).status == 200
    stack.as_server("DELETE", account="other1m")
    assert stack.as_server("GET").body["display_name"] == "One"
    assert stack.simulators.exotel.subscribers.get("demo1m", "alice") is not None
    assert stack.simulators.exotel.subscribers.get("other1m", "alice") is None


def test_failed_logins_in_one_account_do_not_close_the_other(stack: IdentityStack) -> None:
    for number in range(5):
        stack.login(account_sid="other1m", password=f"guess-{number}", source="192.0.2.1")
    assert stack.login(account_sid="other1m", source="192.0.2.1").status == 429
    assert stack.login(source="192.0.2.1").status == 200


def test_an_account_whose_credentials_at_exotel_are_wrong_does_not_borrow_anothers(stack: IdentityStack) -> None:
    stack.simulators.exotel.accounts["demo1m"] = ("rotated", "rotated")
    assert stack.login().body["code"] == "exotel_credentials"
