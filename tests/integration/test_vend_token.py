"""Login, token and logout as the apps meet them."""

import json
from collections.abc import Iterator

import pytest

from tests.events import recorded
from tests.identity_stack import IdentityStack, identity_stack
from tests.template import ROOT

VECTORS = json.loads((ROOT / "tests" / "vectors" / "sample_apps.json").read_text())["login"]


@pytest.fixture
def stack() -> Iterator[IdentityStack]:
    with identity_stack() as running:
        assert running.as_server("PUT", body={"password": "switchboard", "display_name": "Alice"}).status == 201
        yield running


def test_the_recorded_login_is_answered_in_the_shape_that_the_apps_read(stack: IdentityStack) -> None:
    answer = stack.play(recorded("vend_token"))
    assert answer.status == 200
    assert answer.body["http_code"] == 200
    assert answer.body["request_id"] == "vend-token-1"
    assert answer.body["subscriber_name"] == "alice"
    assert answer.body["host_name"] == "https://sdk.example.com/v2"
    assert answer.body["account_sid"] == "demo1m"
    assert answer.body["exophone"] == "08040408080"
    assert answer.body["contact_display_name"] == "Alice"
    assert set(answer.body["subscriber_token"]) == {"refresh_token", "access_token"}
