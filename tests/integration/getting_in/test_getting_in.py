"""Every route of the template with every kind of wrong credentials, with StockApps=deny and allow."""

import json
from collections.abc import Iterator, Mapping

import pytest

from docs.openapi.document import document, operations
from switchboard.subscribers.subscriber import Status
from tests.api_stack import ROUTES, ApiStack, api_stack, bearer, webhook
from tests.events import recorded
from tests.identity_stack import SERVER_KEY, SUBSCRIBER, Answer
from tests.integration.getting_in.intruders import Intruder, of_hooks, of_owners, of_servers, of_sessions, of_webhooks
from tests.sam_template import DEFAULT

ACCOUNT, HOOK = "/v1/accounts/{accountSid}", "/v1/hooks/{secret}/accounts/{accountSid}"
OPERATIONS, DOCUMENT = operations(), document()
# the credentials of each route; a route of the template without a row here fails
STOCK = {  # a session, or none where StockApps is allow
    *(f"{method} {SUBSCRIBER}/context" for method in ("POST", "GET", "DELETE")),
    *(f"{method} {SUBSCRIBER}/devicetoken" for method in ("POST", "DELETE")),
    *(f"GET {SUBSCRIBER}/{what}" for what in ("contacts", "logdestination")),
}
SESSION = STOCK | {
    *(f"POST {SUBSCRIBER}/{what}" for what in ("token", "logout", "feedback", "events", "pushes/{pushId}/ack", "logs")),
    f"GET {SUBSCRIBER}/calls",
}
_OF_EXOTEL = (
    *(f"{method} {what}" for what in ("dialtonumber", "callevents") for method in ("GET", "HEAD", "POST")),
    "POST pushtoclient",
)
BASIC, BY_PATH = ({one.replace(" ", f" {base}/") for one in _OF_EXOTEL} for base in (ACCOUNT, HOOK))
SERVER = {f"{method} {SUBSCRIBER}" for method in ("GET", "PUT", "DELETE")}
SHOWN = {f"GET {SUBSCRIBER}/context"}  # whose `message` an app shows, whatever the status
OWNER = {f"GET {SUBSCRIBER}/devices", f"DELETE {SUBSCRIBER}/devices/{{deviceKey}}"}  # a session or the server key
LOGIN = {"POST /v1/login"}  # test_logins.py
UNKNOWN = {DEFAULT}  # refuses everybody


@pytest.fixture(scope="module", params=["deny", "allow"])
def stack(request: pytest.FixtureRequest) -> Iterator[ApiStack]:
    with api_stack(StockApps=request.param, LateContextMs="0") as running:
        yield running


@pytest.fixture(scope="module")
def intruders(stack: ApiStack) -> Mapping[str, Mapping[str, Intruder]]:
    kinds = (
        (SESSION, of_sessions),
        (BASIC, of_webhooks),
        (BY_PATH, of_hooks),
        (SERVER, of_servers),
        (OWNER, of_owners),
    )
    return {route: made for routes, make in kinds for made in [make(stack)] for route in routes}


def test_every_route_has_a_row() -> None:
    assert set(ROUTES) == SESSION | BASIC | BY_PATH | SERVER | OWNER | LOGIN | UNKNOWN


def test_an_unknown_route_is_the_same_404_for_everybody(stack: ApiStack) -> None:
    everybody: tuple[dict[str, str], ...] = ({}, bearer(stack.session()), bearer(SERVER_KEY), webhook())
    event = recorded("refuse_unknown")
    answers = {stack.play(event | {"headers": headers}).text for headers in everybody}
    assert [json.loads(text)["code"] for text in answers] == ["unknown_route"]


def let_in(stack: ApiStack, route: str, intruder: Intruder) -> bool:
    """Whether StockApps=allow accepts this one: it has no session signed by us."""
    allowing = stack.deployment.reference("StockApps") == "allow"
    return allowing and route in STOCK and intruder.code == "no_session"


def wrong(route: str, answer: Answer, intruder: Intruder) -> str:
    """What is wrong with a refusal, "" if nothing is."""
    if (answer.status, (answer.body or {}).get("code")) != (intruder.status, intruder.code):
        return f"{answer.status} {answer.text}"
    method, path = route.lower().split(" ")[0], route.split(" ")[1]
    documented = DOCUMENT["paths"][path][method]["responses"].get(str(intruder.status), {})
    if intruder.code not in OPERATIONS[route].problems or f"`{intruder.code}`" not in documented.get("description", ""):
        return "not documented"
    shape = {"code", "message", "http_code", "request_id"} | ({"detail"} if route in SHOWN else set())
    if set(answer.body) != shape or (route in SHOWN and answer.body["message"]):
        return f"another shape: {answer.text}"
    scheme = "Bearer" if route in SESSION | SERVER | OWNER else "Basic"
    wanted = {"content-type": "application/json; charset=utf-8", "cache-control": "no-store"}
    if answer.headers != wanted | ({"www-authenticate": scheme} if answer.status == 401 else {}):
        return f"other headers: {answer.headers}"
    given = [value.partition(" ")[2] for value in intruder.headers.values()]
    return f"repeats the credential: {answer.text}" if any(one and one in answer.text for one in given) else ""


@pytest.mark.parametrize("route", sorted(SESSION | BASIC | BY_PATH | SERVER | OWNER))
def test_no_intruder_is_let_in(stack: ApiStack, intruders: Mapping[str, Mapping[str, Intruder]], route: str) -> None:
    found = {}
    for who, intruder in intruders[route].items():
        answer = stack.ask(route, intruder.headers, **intruder.parameters)
        if let_in(stack, route, intruder):
            problem = f"{answer.status} {answer.text}" if answer.status in (401, 403) or answer.status >= 500 else ""
        else:
            problem = wrong(route, answer, intruder)
        found[who] = problem
    assert {who: problem for who, problem in found.items() if problem} == {}
    assert len(found) >= 8


@pytest.mark.parametrize("route", sorted(SESSION | BASIC | BY_PATH | SERVER | OWNER))
def test_valid_credentials_are_let_in(stack: ApiStack, route: str) -> None:
    """Without this test a service that refuses everybody would pass."""
    stack.put("demo1m", "spare")
    headers = webhook() if route in BASIC else bearer(SERVER_KEY if route in SERVER else stack.session("spare"))
    answer = stack.ask(route, headers, name="spare")
    assert answer.status not in (401, 403), answer.text
    assert answer.status < 500, answer.text


@pytest.mark.parametrize("route", sorted(OWNER))
def test_the_server_gets_in_where_a_user_does(stack: ApiStack, route: str) -> None:
    stack.put("demo1m", "spare")
    assert stack.ask(route, bearer(SERVER_KEY), name="spare").status in (200, 404)


@pytest.mark.parametrize("route", sorted(SESSION | SERVER))
@pytest.mark.parametrize("name", ["sip:spare", "SIP:spare"])
def test_a_scheme_before_the_name_in_the_path_changes_nothing(stack: ApiStack, route: str, name: str) -> None:
    stack.put("demo1m", "spare")
    headers = bearer(SERVER_KEY if route in SERVER else stack.session("spare"))
    answer = stack.ask(route, headers, name=name)
    assert (answer.body or {}).get("code") not in ("not_yours", "unknown_subscriber", "invalid_name"), answer.text
    if route in SERVER and answer.body:
        assert answer.body["subscriber_name"] == "spare"


@pytest.mark.parametrize("route", sorted(STOCK))
def test_a_stock_app_is_let_in_for_an_active_subscriber_only(stack: ApiStack, route: str) -> None:
    stack.put("demo1m", "frozen", Status.INACTIVE)
    answers = [stack.ask(route, name=name) for name in ("nobody", "frozen")]
    refusals = [(404, "unknown_subscriber"), (403, "suspended")]
    if stack.deployment.reference("StockApps") == "deny":
        refusals = [(401, "no_session")] * 2
    assert [(answer.status, answer.body["code"]) for answer in answers] == refusals
