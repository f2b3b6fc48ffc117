"""Requests for each route of the template: valid, with one wrong part, and random."""

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from docs.openapi.document import operations
from tests.api_stack import PASSWORD, WEBHOOKS, ApiStack, bearer, webhook
from tests.events import request
from tests.fuzz.anything import CONTENT_TYPES, CURSORS, DEEP, JWTS, TEXTS, bodies, form, queries, written
from tests.fuzz.neighbours import one_wrong
from tests.identity_stack import SERVER_KEY

OPERATIONS = operations()
SECRET_PATH = WEBHOOKS["demo1m"]["path"]
_GROUP = {"group": "Team", "is_special": True, "contacts": [{"contact_name": "Bob", "contact_number": "bob"}]}
_EXAMPLES: dict[str, dict[str, Any]] = {
    "putSubscriber": {"password": "switchboard", "display_name": "Al", "status": "active", "contact_groups": [_GROUP]},
    "registerDevice": {"tokenType": "apns", "deviceId": "1A2B3C4D-0000-4F4F-9C9C-ABCDEF012345"},
    "login": {"user_name": "alice", "password": PASSWORD, "platform": "ios"},
}
_CALL_EVENT = {"DateUpdated": "2019-11-23 22:00:37", "Legs": '[{"Status": "busy"}]', "Legs[0][OnCallDuration]": "32"}
_ODD_HEADERS = {
    "authorization": ("", "\ud800", "Bearer \ud800", "Basic \ud800", "Basic ***", "Basic /w==", "Bearer a.b.c"),
    **dict.fromkeys(("content-type", "exotel-version", "host", "x-forwarded-host"), ("\ud800", "x" * 9000)),
}
_ODD_IN_A_PATH = ("a" * 5000, "\U0001f600" * 300, "al#ice", "", "\0", "%ff", "..%2f..", "\ud800")
_ODD_QUERIES = ("%ff%00", "&=&", "x" * 9000)
_ODD_BODIES = (None, "", "[]", "null", '"', "\ud800", b"\xff\xfe", b"PK\3\4", "x" * 70_000, b"x" * 65_537, *DEEP)
AUTHORIZATIONS = st.one_of(
    JWTS.map(lambda token: f"Bearer {token}"),
    st.builds(lambda scheme, rest: f"{scheme} {rest}", st.sampled_from(["Basic", "bearer", "Digest"]), TEXTS),
    TEXTS,
)


def honest_path(route: str) -> dict[str, str]:
    """Return the path's parameters for an authorised caller."""
    name = "spare" if OPERATIONS[route].tag == "Subscribers" else "alice"
    usual = {"accountSid": "demo1m", "name": name, "pushId": "p1", "secret": SECRET_PATH}
    return {name: value for name, value in usual.items() if f"{{{name}}}" in route}


def honest_query(route: str) -> dict[str, str]:
    known = {told["name"]: told["example"] for told in OPERATIONS[route].parameters if told["in"] == "query"}
    return known | (_CALL_EVENT if route.endswith("callevents") else {})


def honest_body(route: str) -> dict[str, Any]:
    one = OPERATIONS[route]
    return {**(one.example or {}), **_EXAMPLES.get(one.name, {})}


def proof(stack: ApiStack, route: str) -> dict[str, str]:
    one = OPERATIONS[route]
    if "session" in one.security:
        return bearer(stack.session())
    if "serverKey" in one.security:
        return bearer(SERVER_KEY)
    return webhook() if one.tag == "Exotel" else {}


def event(route: str, body: object = None, query: str = "", headers: dict[str, str] | None = None) -> dict[str, Any]:
    """Return an event of the route without credentials."""
    made = request(OPERATIONS[route].method, "/", route="/", body=body, headers=headers)
    return made | {"routeKey": route, "rawQueryString": query, "pathParameters": honest_path(route)}


def one_thing_wrong(route: str) -> Iterator[dict[str, Any]]:
    """Yield events with one wrong part: in the path, the query, a header or the body.

    Routes under a secret path, or for HEAD, are tried only with wrong paths: the same code reads the rest.
    """
    body, query = written(honest_body(route)) if OPERATIONS[route].body else None, form(honest_query(route))
    for name, value in honest_path(route).items():
        for odd in _ODD_IN_A_PATH:
            yield event(route, body, query) | {"pathParameters": honest_path(route) | {name: odd or value[:-1]}}
    if "/hooks/" in route or route.startswith("HEAD"):
        return
    yield from (event(route, body, query, {name: odd}) for name, odds in _ODD_HEADERS.items() for odd in odds)
    yield from (event(route, body, form(wrong)) for wrong in one_wrong(honest_query(route)))
    odd_values = (f"&{name}=\ud800" for name in honest_query(route))  # of a repeated parameter the last counts
    yield from (event(route, body, query + odd) for odd in (*_ODD_QUERIES, *odd_values))
    if body is not None:
        yield from (event(route, odd, query) for odd in _ODD_BODIES)
        yield event(route, "not base64", query) | {"isBase64Encoded": True}
        yield from (event(route, written(wrong), query) for wrong in one_wrong(honest_body(route)))


@st.composite
def asked(draw: st.DrawFn, route: str) -> dict[str, Any]:
    """An event of this route with any part wrong, without credentials."""
    some = queries(honest_query(route))
    if route.endswith("/calls"):
        some |= CURSORS.map(lambda cursor: form({"cursor": cursor}))
    body = draw(bodies(honest_body(route)) if OPERATIONS[route].body else st.none() | bodies({}))
    kind = draw(CONTENT_TYPES)
    headers = {"content-type": kind} if kind else {}
    headers |= draw(st.dictionaries(st.sampled_from(["exotel-version", "host", "x-forwarded-host"]), TEXTS, max_size=1))
    parameters = honest_path(route)
    for name in draw(st.lists(st.sampled_from(sorted(parameters)), max_size=1)) if parameters else ():
        parameters[name] = draw(st.just(parameters[name]) | TEXTS.filter(bool))
    marked = {"isBase64Encoded": True} if isinstance(body, str) and draw(st.integers(0, 20)) == 20 else {}
    return event(route, body, draw(some), headers) | {"pathParameters": parameters} | marked
