"""Login, token and logout as the apps meet them: the deployed function, and Exotel's simulator over real HTTP."""

import json
import logging
import time
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest

from local.faults import Fault
from switchboard.edge.observability import logger
from tests.events import recorded, request
from tests.fakes.raw_server import hanging, raw_server
from tests.identity_stack import ACCOUNTS, LOGIN, Answer, IdentityStack, identity_stack
from tests.sam_template import ROOT

VECTORS = json.loads((ROOT / "tests" / "vectors" / "sample_apps.json").read_text())["login"]
OURS = {"session_token", "session_expires_at", "access_token_expires_at", "refresh_token_expires_at"}
STOCK = {"subscriber_token", "subscriber_name", "host_name", "account_sid", "exophone", "contact_display_name"}


@pytest.fixture(scope="module")
def shared() -> Iterator[IdentityStack]:
    with identity_stack() as running:
        yield running


@pytest.fixture
def stack(shared: IdentityStack) -> IdentityStack:
    """The shared stack with alice as she was on the first day, and no failures counted."""
    shared.simulators.faults.clear()
    shared.set_accounts(shared.simulators.exotel_url)
    shared.empty("LoginAttemptsTable")
    shared.empty("SubscribersTable")
    shared.restart()
    assert shared.as_server("PUT", body={"password": "switchboard", "display_name": "Alice"}).status == 201
    return shared


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


def test_the_token_is_bound_to_the_real_phone_and_its_expiries_are_told(stack: IdentityStack) -> None:
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


def test_a_platform_that_is_told_wins_in_any_case(stack: IdentityStack) -> None:
    token = stack.login(platform="iOS").body["subscriber_token"]["access_token"]
    assert stack.simulators.exotel.tokens.read(token)["platform"] == "ios"


def test_whom_exotel_lost_is_created_there_on_the_way(stack: IdentityStack) -> None:
    stack.simulators.exotel.subscribers.delete("demo1m", "alice")
    assert stack.login().status == 200
    assert stack.simulators.exotel.subscribers.get("demo1m", "alice") is not None


def test_wrong_password_user_and_account_get_the_same_answer(stack: IdentityStack) -> None:
    answers = [
        stack.login(password="wrong"),
        stack.login(user_name="nobody"),
        stack.login(user_name="no one at all, and a long name"),
        stack.login(account_sid="unknown1m"),
    ]
    assert {answer.status for answer in answers} == {403}
    assert len({answer.text for answer in answers}) == 1
    assert answers[0].body["code"] == "wrong_credentials"


def test_who_is_suspended_is_refused(stack: IdentityStack) -> None:
    stack.as_server("PUT", body={"status": "inactive"})
    answer = stack.login()
    assert (answer.status, answer.body["code"]) == (403, "suspended")


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
def test_half_a_surrogate_pair_is_refused_and_breaks_nothing(stack: IdentityStack, field: str) -> None:
    body = json.dumps(LOGIN | {field: "\ud800"})
    assert stack.play(request("POST", "/v1/login", route="/v1/login", body=body)).status == 422


def test_what_an_app_sends_beyond_that_is_ignored(stack: IdentityStack) -> None:
    assert stack.login(app_version="1.0", nested={"a": [1]}).status == 200


def test_the_sixth_guess_is_refused_for_the_rest_of_the_window(stack: IdentityStack) -> None:
    assert [stack.login(password=f"guess-{number}").status for number in range(6)] == [403] * 5 + [429]
    refused = stack.login()
    assert (refused.status, refused.body["code"]) == (429, "too_many_logins")
    assert 1 <= int(refused.headers["Retry-After"]) <= 900
    assert stack.login(source="198.51.100.7").status == 200


def test_right_logins_never_count(stack: IdentityStack) -> None:
    assert {stack.login().status for _ in range(12)} == {200}


@pytest.mark.parametrize(
    ("fault", "status", "code", "retry_after"),
    [
        (Fault("exotel", status=400), 502, "exotel_bad_name", None),
        (Fault("exotel", status=401), 502, "exotel_credentials", None),
        (Fault("exotel", status=403), 502, "exotel_voip_disabled", None),
        (Fault("exotel", status=429, retry_after=17), 503, "exotel_rate_limited", "17"),
        (Fault("exotel", status=500), 502, "exotel_unavailable", "5"),
        (Fault("exotel", status=503), 502, "exotel_unavailable", "5"),
        (Fault("exotel", status=404, times=3), 502, "exotel_bad_answer", None),
    ],
)
def test_an_exotel_that_refuses_is_named_as_the_cause(
    stack: IdentityStack, fault: Fault, status: int, code: str, retry_after: str | None
) -> None:
    stack.simulators.faults.add(fault)
    answer = stack.login()
    assert (answer.status, answer.body["code"]) == (status, code)
    assert answer.headers.get("Retry-After") == retry_after
    assert not any(secret in answer.text for pair in ACCOUNTS.values() for secret in pair)


def test_wrong_api_credentials_are_named_as_the_cause(stack: IdentityStack) -> None:
    stack.set_accounts(stack.simulators.exotel_url, api_token="wrong")
    stack.restart()
    assert stack.login().body["code"] == "exotel_credentials"


def test_an_exotel_that_hangs_is_left_within_eight_seconds(stack: IdentityStack) -> None:
    with raw_server(hanging) as silent:
        stack.set_accounts(silent.url)
        stack.restart()
        began = time.monotonic()
        answer = stack.login()
        took = time.monotonic() - began
    assert (answer.status, answer.body["code"]) == (504, "exotel_timeout")
    assert 6 < took < 8


@pytest.fixture
def log() -> Iterator[StringIO]:
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logger.registered_formatter)
    logger.addHandler(handler)
    yield written
    logger.removeHandler(handler)


def test_neither_tokens_nor_credentials_nor_passwords_are_logged(stack: IdentityStack, log: StringIO) -> None:
    answer = stack.login().body
    stack.login(password="a-wrong-one")
    stack.as_user(answer["session_token"], "token", {"device_id": "2fc4b5912826ad1"})
    stack.as_user(answer["session_token"], "logout", {"deviceToken": "the-push-token"})
    logged = log.getvalue()
    secrets = [answer["session_token"], *answer["subscriber_token"].values(), *ACCOUNTS["demo1m"]]
    assert not any(secret in logged for secret in (*secrets, '"switchboard"', "a-wrong-one", "the-push-token"))
    assert logged.count("alice") >= 3


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


def test_a_deployment_without_accounts_says_what_to_run(stack: IdentityStack) -> None:
    stack.deployment.fill("AccountsSecret", {})
    stack.restart()
    answer = stack.login()
    assert (answer.status, answer.body["code"]) == (503, "not_configured")
    assert "switchboard setup" in answer.body["message"]


def test_without_an_issuer_an_id_token_is_refused(stack: IdentityStack) -> None:
    answer = stack.login(headers={"Authorization": "Bearer a.b.c"}, user_name=None, password=None)
    assert (answer.status, answer.body["code"]) == (401, "no_issuer")
