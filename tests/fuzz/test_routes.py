"""Every route of the template with whatever may be sent to it, by who may ask and by who may not."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docs.openapi.document import operations
from tests.api_stack import PASSWORD, ROUTES, WEBHOOKS, ApiStack, api_stack, bearer, webhook
from tests.events import request
from tests.fuzz.anything import CONTENT_TYPES, CURSORS, JSON, JWTS, TEXTS, bodies, form, queries
from tests.fuzz.judging import judge
from tests.fuzz.tries import tries
from tests.identity_stack import ACCOUNTS, SERVER_KEY

OPERATIONS = operations()
GROUP = {"group": "Team", "is_special": True, "contacts": [{"contact_name": "Bob", "contact_number": "bob"}]}
EXAMPLES: dict[str, dict[str, Any]] = {
    "putSubscriber": {"password": "switchboard", "display_name": "Al", "status": "active", "contact_groups": [GROUP]},
    "registerDevice": {"tokenType": "apns", "deviceId": "1A2B3C4D-0000-4F4F-9C9C-ABCDEF012345"},
    "login": {"user_name": "alice", "password": PASSWORD, "platform": "ios"},
}
QUERIES = {
    "dialtonumber": ("CallSid", "CallFrom", "CallTo", "CustomField"),
    "callevents": ("CallSid", "EventType", "Status", "DateUpdated", "CallType", "Legs", "Legs[0][OnCallDuration]"),
    "devicetoken": ("deviceToken",),
    "logdestination": ("platform",),
    "calls": ("limit", "cursor"),
}
AUTHORIZATIONS = st.one_of(
    JWTS.map(lambda token: f"Bearer {token}"),
    st.builds(lambda scheme, rest: f"{scheme} {rest}", st.sampled_from(["Basic", "bearer", "Digest"]), TEXTS),
    TEXTS,
)


@pytest.fixture(scope="module")
def stack() -> Iterator[ApiStack]:
    with api_stack(LateContextMs="0", CustomFieldRouting="on", DialWhomFormat="auto") as running:
        limits = running.functions["IngestReportsFunction"].PER_MINUTE
        limits |= dict.fromkeys(limits, 10**9)
        yield running


@pytest.fixture(scope="module")
def secrets(stack: ApiStack) -> frozenset[str]:
    ours = [text for entry in WEBHOOKS.values() for name, text in entry.items() if name != "user"]
    exotels = [text for pair in ACCOUNTS.values() for text in pair]
    return frozenset([*ours, *exotels, SERVER_KEY, stack.tokens.keys.signing()[1], stack.password_hash, PASSWORD])


@st.composite
def asked(draw: st.DrawFn, route: str) -> dict[str, Any]:
    """An event of this route, of whose path, query, body and headers any may be wrong; nobody is named as the asker."""
    one, last = OPERATIONS[route], route.rpartition("/")[2]
    some = queries(*QUERIES.get(last, ()))
    if last == "calls":
        some |= CURSORS.map(lambda cursor: form({"cursor": cursor}))
    body = draw(bodies({**(one.example or {}), **EXAMPLES.get(one.name, {})}) if one.body else st.none() | bodies({}))
    kind = draw(CONTENT_TYPES)
    headers = {"content-type": kind} if kind else {}
    headers |= draw(st.dictionaries(st.sampled_from(["exotel-version", "host", "x-forwarded-host"]), TEXTS, max_size=1))
    event = request(one.method, "/", route="/", body=body, headers=headers)
    usual = {"accountSid": "demo1m", "name": "spare" if one.tag == "Subscribers" else "alice", "pushId": "p1"}
    usual["secret"] = "a-secret-path"
    parameters = {name: value for name, value in usual.items() if f"{{{name}}}" in route}
    for name in draw(st.lists(st.sampled_from(sorted(parameters)), max_size=1)) if parameters else ():
        parameters[name] = draw(st.just(usual[name]) | TEXTS.filter(bool))
    marked = {"isBase64Encoded": True} if isinstance(body, str) and draw(st.integers(0, 20)) == 20 else {}
    return event | {"routeKey": route, "rawQueryString": draw(some), "pathParameters": parameters} | marked


@pytest.mark.parametrize("route", ROUTES)
@tries(15)
@given(data=st.data())
def test_nothing_that_is_sent_by_who_may_makes_a_route_fail(
    stack: ApiStack, secrets: frozenset[str], route: str, data: st.DataObject
) -> None:
    event = data.draw(asked(route))
    event["headers"] |= {name.lower(): value for name, value in proof(stack, route).items()}
    judge(route, stack.play(event), secrets)
    if route.endswith("/login"):
        stack.empty("LoginAttemptsTable")


@pytest.mark.parametrize("route", ROUTES)
@tries(10)
@given(data=st.data(), authorization=AUTHORIZATIONS)
def test_nothing_that_is_sent_by_anybody_makes_a_route_fail(
    stack: ApiStack, secrets: frozenset[str], route: str, data: st.DataObject, authorization: str
) -> None:
    event = data.draw(asked(route))
    event["headers"]["authorization"] = authorization
    answer = stack.play(event)
    judge(route, answer, secrets)
    assert answer.status in (401, 403) or "/hooks/" in route or route == "POST /v1/login"
    if route.endswith("/login"):
        stack.empty("LoginAttemptsTable")


def proof(stack: ApiStack, route: str) -> dict[str, str]:
    one = OPERATIONS[route]
    if "session" in one.security:
        return bearer(stack.session())
    if "serverKey" in one.security:
        return bearer(SERVER_KEY)
    return webhook() if one.tag == "Exotel" else {}


@tries(40)
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
