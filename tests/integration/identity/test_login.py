"""Login as the apps meet it: the deployed function, and Exotel's simulator over real HTTP."""

import json
import time
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.events import recorded, request
from tests.identity_stack import LOGIN, IdentityStack
from tests.sam_template import ROOT

VECTORS = json.loads((ROOT / "tests" / "vectors" / "sample_apps.json").read_text())["login"]
OURS = {"session_token", "session_expires_at", "access_token_expires_at", "refresh_token_expires_at"}
STOCK = {"subscriber_token", "subscriber_name", "host_name", "account_sid", "exophone", "contact_display_name"}


def at(body: Any, path: str) -> Any:
    for part in path.split("."):
        body = body[part]
    return body


def test_the_recorded_login_is_answered_in_the_shape_that_the_apps_read(stack: IdentityStack) -> None:
    answer = stack.play(recorded("vend_token"))
    assert answer.status == 200
    assert set(answer.body) == STOCK | OURS | {"http_code", "request_id"}
    assert answer.body["http_code"] == 200
    assert answer.body["request_id"] == "vend-token-1"
    assert answer.body["subscriber_name"] == "alice"
    assert answer.body["host_name"] == "https://sdk.example.com/v2"
    assert answer.body["account_sid"] == "demo1m"
    assert answer.body["exophone"] == "08040408080"
    assert answer.body["contact_display_name"] == "Alice"


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector['app']} {vector['json']['password']}")
def test_a_stock_app_gets_what_it_needs(stack: IdentityStack, vector: dict[str, Any]) -> None:
    headers = vector.get("headers", {})
    answer = stack.play(request("POST", "/v1/login", route="/v1/login", body=vector["json"], headers=headers))
    needs = vector["needs"]
    assert answer.status in needs["status"]
    assert answer.body["http_code"] == answer.status
    assert all(at(answer.body, path) is not None for path in needs.get("present", []))
    assert all(isinstance(answer.body[key], str) for key in needs.get("strings_never_null", []))


def test_a_form_logs_in_like_json(stack: IdentityStack) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    form = urlencode(LOGIN | {"platform": "ios"}).encode()  # bytes: API Gateway hands forms over in base64
    answer = stack.play(request("POST", "/v1/login", route="/v1/login", body=form, headers=headers))
    assert answer.status == 200
    claims = stack.simulators.exotel.tokens.read(answer.body["subscriber_token"]["refresh_token"])
    assert (claims["sub"], claims["platform"]) == ("alice", "ios")


def test_spaces_around_the_account_and_the_name_are_removed(stack: IdentityStack) -> None:
    answer = stack.login(account_sid=" demo1m\u00a0", user_name="\talice \n")
    assert answer.status == 200
    assert (answer.body["account_sid"], answer.body["subscriber_name"]) == ("demo1m", "alice")
    path = "/v1/accounts/demo1m%20/subscribers/%20alice"
    assert stack.as_user(answer.body["session_token"], "token", {"device_id": "x"}, path).status == 200


def test_a_password_is_found_however_the_keyboard_composes_it(stack: IdentityStack) -> None:
    stack.as_server("PUT", body={"password": "pa\u0308sswo\u0308rter"})
    assert stack.login(password="p\u00e4ssw\u00f6rter").status == 200
    assert stack.login(password="pa\u0308sswo\u0308rter").status == 200
    assert stack.login(password="passworter").status == 403
    assert stack.login(password=" p\u00e4ssw\u00f6rter").status == 403


def test_the_token_is_bound_to_the_phone_and_comes_with_its_expiry_times(stack: IdentityStack) -> None:
    answer = stack.login(device_id="1A2B3C4D-0000-4F4F-9C9C-ABCDEF012345").body
    claims = stack.simulators.exotel.tokens.read(answer["subscriber_token"]["refresh_token"])
    assert (claims["sub"], claims["device_id"], claims["platform"]) == (
        "alice",
        "1A2B3C4D-0000-4F4F-9C9C-ABCDEF012345",
        "ios",
    )
    assert claims["account_sid"] == "demo1m"
    assert answer["refresh_token_expires_at"] == claims["exp"]
    assert answer["access_token_expires_at"] == pytest.approx(time.time() + 1800, abs=10)
    assert answer["session_expires_at"] == pytest.approx(time.time() + 24 * 3600, abs=10)


def test_a_platform_that_the_app_sends_is_used_in_any_letter_case(stack: IdentityStack) -> None:
    token = stack.login(platform="iOS").body["subscriber_token"]["access_token"]
    assert stack.simulators.exotel.tokens.read(token)["platform"] == "ios"


def test_a_subscriber_missing_at_exotel_is_created_there_at_login(stack: IdentityStack) -> None:
    stack.simulators.exotel.subscribers.delete("demo1m", "alice")
    assert stack.login().status == 200
    assert stack.simulators.exotel.subscribers.get("demo1m", "alice") is not None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"user_name": None}, "user_name"),
        ({"password": None}, "password"),
        ({"account_sid": None}, "account_sid"),
        ({"device_id": None}, "device_id"),
        ({"device_id": ""}, "device_id"),
        ({"device_id": 7}, "device_id"),
        ({"user_name": ["alice"]}, "user_name"),
        ({"password": "x" * 1025}, "password"),
        ({"platform": "windows"}, "platform"),
    ],
)
def test_a_login_that_lacks_something_names_the_field(
    stack: IdentityStack, changes: dict[str, Any], field: str
) -> None:
    answer = stack.login(**changes)
    assert (answer.status, answer.body["field"]) == (422, field)


@pytest.mark.parametrize("body", ["", "{", "[]", '"alice"', b"\xff\xfe"])
def test_a_login_that_is_no_json_object_is_refused(stack: IdentityStack, body: str | bytes) -> None:
    answer = stack.play(request("POST", "/v1/login", route="/v1/login", body=body))
    assert answer.status in (400, 422)


@pytest.mark.parametrize("field", ["user_name", "password", "account_sid", "device_id"])
def test_a_lone_surrogate_is_refused_and_breaks_nothing(stack: IdentityStack, field: str) -> None:
    body = json.dumps(LOGIN | {field: "\ud800"})
    assert stack.play(request("POST", "/v1/login", route="/v1/login", body=body)).status == 422


def test_what_an_app_sends_beyond_that_is_ignored(stack: IdentityStack) -> None:
    assert stack.login(app_version="1.0", nested={"a": [1]}).status == 200


def test_without_an_issuer_an_id_token_is_refused(stack: IdentityStack) -> None:
    answer = stack.login(headers={"Authorization": "Bearer a.b.c"}, user_name=None, password=None)
    assert (answer.status, answer.body["code"]) == (401, "no_issuer")
