"""A session's uses: new subscriber tokens and logout; and what is logged."""

import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest

from switchboard.runtime.log import logger
from tests.identity_stack import ACCOUNTS, Answer, IdentityStack


def reissue(stack: IdentityStack, session: str, **changes: Any) -> Answer:
    return stack.as_user(session, "token", {"device_id": "2fc4b5912826ad1"} | changes)


def test_a_session_gets_new_subscriber_tokens_and_stays_as_it_is(stack: IdentityStack) -> None:
    first = stack.login().body
    second = reissue(stack, first["session_token"], device_id="another", platform="ios")
    assert second.status == 200
    assert set(second.body) == set(first)
    assert second.body["subscriber_token"] != first["subscriber_token"]
    assert second.body["session_token"] == first["session_token"]
    assert second.body["session_expires_at"] == first["session_expires_at"]
    claims = stack.simulators.exotel.tokens.read(second.body["subscriber_token"]["access_token"])
    assert (claims["device_id"], claims["platform"]) == ("another", "ios")


def test_all_sessions_of_a_user_share_one_limit_of_token_requests(stack: IdentityStack) -> None:
    first, second = stack.login().body["session_token"], stack.login().body["session_token"]
    answers = [reissue(stack, session) for _ in range(21) for session in (first, second)]  # in two windows at most
    assert {answer.status for answer in answers[:20]} == {200}
    refused = [answer for answer in answers if answer.status != 200]
    assert {(answer.status, answer.body["code"]) for answer in refused} == {(429, "too_many_requests")}
    assert 1 <= int(refused[0].headers["Retry-After"]) <= 600
    assert reissue(stack, first, device_id="").status == 422
    stack.as_server("PUT", "bob", {"password": "switchboard"})
    bob = stack.login(user_name="bob").body["session_token"]
    answer = stack.as_user(bob, "token", {"device_id": "x"}, "/v1/accounts/demo1m/subscribers/bob")
    assert answer.status == 200


def test_a_logout_ends_that_session_and_no_other(stack: IdentityStack) -> None:
    ended, other = stack.login().body["session_token"], stack.login().body["session_token"]
    assert stack.as_user(ended, "logout", None).status == 200
    assert reissue(stack, ended).status == 401
    assert stack.as_user(ended, "logout", {}).status == 401
    assert reissue(stack, other).status == 200


def test_a_new_password_ends_all_sessions(stack: IdentityStack) -> None:
    sessions = [stack.login().body["session_token"] for _ in range(2)]
    stack.as_server("PUT", body={"password": "another-one"})
    assert [reissue(stack, session).status for session in sessions] == [401, 401]
    assert stack.login().status == 403
    assert stack.login(password="another-one").status == 200


def test_another_users_path_is_forbidden(stack: IdentityStack) -> None:
    session = stack.login().body["session_token"]
    path = "/v1/accounts/demo1m/subscribers/bob"
    assert stack.as_user(session, "token", {"device_id": "x"}, path).status == 403
    assert stack.as_user(session, "logout", {}, path).status == 403


@pytest.fixture
def log() -> Iterator[StringIO]:
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logger.registered_formatter)
    logger.addHandler(handler)
    yield written
    logger.handlers.remove(handler)


def test_neither_tokens_nor_credentials_nor_passwords_are_logged(stack: IdentityStack, log: StringIO) -> None:
    answer = stack.login().body
    stack.login(password="a-wrong-one")
    stack.as_user(answer["session_token"], "token", {"device_id": "2fc4b5912826ad1"})
    stack.as_user(answer["session_token"], "logout", {"deviceToken": "the-push-token"})
    logged = log.getvalue()
    secrets = [answer["session_token"], *answer["subscriber_token"].values(), *ACCOUNTS["demo1m"]]
    assert not any(secret in logged for secret in (*secrets, '"switchboard"', "a-wrong-one", "the-push-token"))
    assert logged.count("alice") >= 3
