"""Every route of the template with wrong input, with and without credentials."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.api_stack import PASSWORD, WEBHOOKS, ApiStack, api_stack, webhook
from tests.events import request
from tests.fuzz.anything import JSON, TEXTS, spoilt_jwt
from tests.fuzz.asking import AUTHORIZATIONS, OPERATIONS, SECRET_PATH, asked, honest_body, one_thing_wrong, proof
from tests.fuzz.judging import judge
from tests.fuzz.tries import tries
from tests.identity_stack import ACCOUNTS, SERVER_KEY, Answer

RATED = honest_body("POST /v1/accounts/{accountSid}/subscribers/{name}/feedback")["callId"]


@pytest.fixture(scope="module")
def stack() -> Iterator[ApiStack]:
    with api_stack(LateContextMs="0", CustomFieldRouting="on", DialWhomFormat="auto") as running:
        limits = running.functions["IngestReportsFunction"].PER_MINUTE
        limits |= dict.fromkeys(limits, 10**9)
        running.functions["VendTokenFunction"].RENEWALS = 10**9
        running.functions["ManageDevicesFunction"].UPLOADS_AN_HOUR = 10**9
        running.dialled(RATED)
        yield running


@pytest.fixture(scope="module")
def secrets(stack: ApiStack) -> frozenset[str]:
    ours = [text for entry in WEBHOOKS.values() for name, text in entry.items() if name != "user"]
    exotels = [text for pair in ACCOUNTS.values() for text in pair]
    return frozenset([*ours, *exotels, SERVER_KEY, stack.tokens.keys.signing()[1], stack.password_hash, PASSWORD])


def play(
    stack: ApiStack, route: str, event: dict[str, Any], headers: dict[str, str], secrets: frozenset[str]
) -> Answer:
    event["headers"] = {name.lower(): value for name, value in headers.items()} | event["headers"]
    answer = stack.play(event)
    judge(route, answer, secrets)
    if route.endswith("/login"):
        stack.empty("RateLimitsTable")
    return answer


@pytest.mark.parametrize("route", OPERATIONS)
def test_no_single_wrong_part_of_a_request_makes_a_route_fail(
    stack: ApiStack, secrets: frozenset[str], route: str
) -> None:
    for event in one_thing_wrong(route):
        play(stack, route, event, proof(stack, route), secrets)


@pytest.mark.parametrize("route", OPERATIONS)
@tries(5)
@given(data=st.data())
def test_no_request_with_credentials_makes_a_route_fail(
    stack: ApiStack, secrets: frozenset[str], route: str, data: st.DataObject
) -> None:
    play(stack, route, data.draw(asked(route)), proof(stack, route), secrets)


@pytest.mark.parametrize("route", OPERATIONS)
@tries(5)
@given(data=st.data())
def test_no_request_without_credentials_makes_a_route_fail(
    stack: ApiStack, secrets: frozenset[str], route: str, data: st.DataObject
) -> None:
    event = data.draw(asked(route))
    of_alices = spoilt_jwt(stack.session()).map(lambda token: f"Bearer {token}")
    if event["pathParameters"].get("secret") == SECRET_PATH:
        event["pathParameters"]["secret"] = "a-guess"
    answer = play(stack, route, event, {"authorization": data.draw(AUTHORIZATIONS | of_alices)}, secrets)
    assert answer.status in (401, 403) or route == "POST /v1/login"


@tries(20)
@given(parts=st.lists(st.tuples(TEXTS, JSON), max_size=3))
def test_a_query_that_comes_parsed_is_read_too(
    stack: ApiStack, secrets: frozenset[str], parts: list[tuple[str, object]]
) -> None:
    route = "GET /v1/accounts/{accountSid}/dialtonumber"
    event = request("GET", "/", route="/", headers=webhook())
    del event["rawQueryString"]
    given = {name: str(value) for name, value in parts} | {"CallSid": "c1"}
    event |= {"routeKey": route, "pathParameters": {"accountSid": "demo1m"}, "queryStringParameters": given}
    judge(route, stack.play(event), secrets)
