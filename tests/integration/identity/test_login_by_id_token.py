"""Login with the customer's own OIDC issuer: the deployed function, and an issuer over real HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.fakes.issuer_server import IssuerServer, issuer_server
from tests.identity_stack import Answer, IdentityStack, identity_stack


class WithIssuer:
    def __init__(self, issuer: IssuerServer, stack: IdentityStack) -> None:
        self.issuer = issuer
        self.stack = stack

    def token(self, **claims: Any) -> str:
        return self.issuer.token(**({"account_sid": "demo1m"} | claims))

    def login(self, token: str, **changes: Any) -> Answer:
        headers = {"Authorization": f"Bearer {token}"}
        return self.stack.login(headers=headers, **({"user_name": None, "password": None} | changes))


@pytest.fixture(scope="module")
def oidc() -> Iterator[WithIssuer]:
    with issuer_server() as issuer, identity_stack(OidcIssuer=issuer.url, OidcAudience="app") as stack:
        stack.as_server("PUT", body={"password": "switchboard"})
        yield WithIssuer(issuer, stack)


def test_an_id_token_logs_in_whom_it_names(oidc: WithIssuer) -> None:
    answer = oidc.login(oidc.token())
    assert answer.status == 200
    assert answer.body["subscriber_name"] == "alice"
    assert oidc.stack.as_user(answer.body["session_token"], "token", {"device_id": "x"}).status == 200


def test_an_id_token_of_somebody_new_makes_a_subscriber(oidc: WithIssuer) -> None:
    answer = oidc.login(oidc.token(sub="newcomer"))
    assert (answer.status, answer.body["contact_display_name"]) == (200, "newcomer")
    assert oidc.stack.as_server("GET", "newcomer").body["has_password"] is False
    assert oidc.stack.simulators.exotel.subscribers.get("demo1m", "newcomer") is not None


def test_a_password_still_works_beside_an_issuer_and_wins_over_a_bearer(oidc: WithIssuer) -> None:
    assert oidc.stack.login().status == 200
    assert oidc.login("any-string", user_name="alice", password="switchboard").status == 200


def test_bad_id_tokens_are_refused_as_contract_7_says(oidc: WithIssuer) -> None:
    assert oidc.login(oidc.token(aud="other")).status == 401
    assert oidc.login(oidc.token(account_sid="other1m")).status == 403
    answer = oidc.login(oidc.token(sub="no name"))
    assert (answer.status, answer.body["field"]) == (422, "sub")


def test_an_id_token_without_an_account_is_refused_where_there_are_two(oidc: WithIssuer) -> None:
    answer = oidc.login(oidc.token(account_sid=None))
    assert (answer.status, answer.body["code"]) == (403, "account_not_named")


def test_a_suspended_subscriber_is_refused_with_an_id_token_too(oidc: WithIssuer) -> None:
    oidc.stack.as_server("PUT", "dave", body={"status": "inactive"})
    answer = oidc.login(oidc.token(sub="dave"))
    assert (answer.status, answer.body["code"]) == (403, "suspended")


def test_an_unavailable_issuer_is_named_as_the_cause(oidc: WithIssuer) -> None:
    oidc.issuer.status = 500
    oidc.stack.restart()
    answer = oidc.login(oidc.token())
    assert (answer.status, answer.body["code"]) == (502, "issuer_unavailable")
