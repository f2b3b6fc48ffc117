"""StockApps=allow opens neither the token and logout routes nor the server's."""

from collections.abc import Iterator

import pytest

from tests.events import request
from tests.identity_stack import SUBSCRIBER, IdentityStack, identity_stack


@pytest.fixture(scope="module")
def stack() -> Iterator[IdentityStack]:
    with identity_stack(StockApps="allow") as running:
        running.as_server("PUT", body={"password": "switchboard"})
        yield running


@pytest.mark.parametrize("session", ["", "any-string-that-is-not-a-session-of-ours"])
def test_a_token_and_a_logout_need_a_session(stack: IdentityStack, session: str) -> None:
    assert stack.as_user(session, "token", {"device_id": "x"}).status == 401
    assert stack.as_user(session, "logout", {}).status == 401


def test_the_subscriber_api_needs_the_server_key(stack: IdentityStack) -> None:
    session = stack.login().body["session_token"]
    assert stack.as_server("GET", key=session).status == 401
    path = "/v1/accounts/demo1m/subscribers/alice"
    assert stack.play(request("GET", path, route=SUBSCRIBER)).status == 401
