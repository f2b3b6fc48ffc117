"""docs/openapi.json against the running service: its examples are sent, and the answers must match it."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from docs.openapi.document import document, operations
from docs.openapi.operation import Operation
from local import demo
from tests.fuzz.tries import tries
from tests.stack.conftest import EXOTEL, Api, serve, wait_until
from tests.stack.made_up_requests import Client, cases

DOCUMENT = document()
OPERATIONS = operations()
NEEDS_CREDENTIALS = [route for route in OPERATIONS if route != "POST /v1/login"]
QUERY = {"CallSid": "call-of-the-document", "CallFrom": "sip:alice", "CallTo": f"sip:{demo.EXOPHONE}"}


@pytest.fixture(scope="module")
def documented() -> Iterator[Api]:
    """A stack of its own, since the examples change passwords and delete users."""
    yield from serve("deny")


def send(api: Api, route: str, *, proved: bool = True) -> httpx.Response:
    one = OPERATIONS[route]
    name = "erin" if route.startswith("DELETE") and one.path.endswith("{name}") else "alice"
    secret = demo.WEBHOOK_PATH if proved else "another-path"
    values = {"accountSid": demo.ACCOUNT, "name": name, "secret": secret, "pushId": "push-of-the-document"}
    path = one.path.format(**values, deviceKey=device_key(api) if "{deviceKey}" in one.path else "")
    query = QUERY if "dialtonumber" in path or (route.startswith("GET") and "callevents" in path) else {}
    credentials = proof(api, one) if proved else {}
    body = one.example
    if route.endswith("/feedback") and proved:
        body = dict(one.example or {}) | {"callId": written_call(api)}
    return api.http.request(one.method, path, json=body, params=query, **credentials)


def device_key(api: Api) -> str:
    """Register a device for alice and return the key that her list of devices has for it."""
    alice = api.login("alice")
    api.http.post(api.subscriber("alice", "/devicetoken"), json={"deviceToken": "document:APA91"}, headers=alice)
    devices = api.http.get(api.subscriber("alice", "/devices"), headers=alice).json()["devices"]
    return str(devices[0]["deviceKey"])


def written_call(api: Api) -> str:
    """Return the CallSid of a call between alice and bob that her history knows."""
    call_sid = str(api.call("alice", "bob")["call_sid"])
    alice = api.login("alice")

    def known() -> bool:
        calls = api.http.get(api.subscriber("alice", "/calls"), headers=alice).json()["calls"]
        return any(call["call_sid"] == call_sid for call in calls)

    wait_until(known, 20)
    return call_sid


def proof(api: Api, one: Operation) -> dict[str, Any]:
    if "session" in one.security:
        return {"headers": api.login("alice")}
    if "serverKey" in one.security:
        return {"headers": {"Authorization": f"Bearer {demo.SERVER_KEY}"}}
    return {"auth": EXOTEL} if "exotelBasic" in one.security else {}


def check(route: str, answer: httpx.Response) -> None:
    one = OPERATIONS[route]
    promised = DOCUMENT["paths"][one.path][one.method.lower()]["responses"][str(answer.status_code)]
    if not answer.content:
        assert promised.get("content", {}).keys() <= {"text/plain"}  # an empty text, or nothing
        return
    kind = answer.headers["content-type"].partition(";")[0]
    schema = promised["content"][kind]["schema"] | {"components": DOCUMENT["components"]}
    body: Any = answer.json() if kind == "application/json" else answer.text
    assert [problem.message for problem in Draft202012Validator(schema).iter_errors(body)] == []
    if "x-codes" in promised:
        assert body["code"] in promised["x-codes"]


@pytest.mark.parametrize("route", OPERATIONS)
def test_the_example_is_answered_as_promised(documented: Api, route: str) -> None:
    documented.set_context("alice", "bob")
    answer = send(documented, route)
    assert answer.status_code in (200, 201, 202, 204), answer.text
    check(route, answer)


@pytest.mark.parametrize("route", NEEDS_CREDENTIALS)
def test_without_credentials_it_is_refused_as_promised(documented: Api, route: str) -> None:
    answer = send(documented, route, proved=False)
    assert answer.status_code == 401
    check(route, answer)


def test_a_wrong_password_and_a_bad_body_are_refused_as_promised(documented: Api) -> None:
    route = "POST /v1/login"
    for changed, status in (({"password": "wrong"}, 403), ({"device_id": ""}, 422)):
        answer = documented.http.post("/v1/login", json=dict(OPERATIONS[route].example or {}) | changed)
        assert answer.status_code == status
        check(route, answer)


def test_dial_whom_answers_in_the_json_that_is_promised(documented: Api) -> None:
    documented.set_context("alice", "bob")
    answer = documented.dial_whom("alice", "call-in-json", {"Exotel-Version": "1.0"})
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    check("GET /v1/accounts/{accountSid}/dialtonumber", answer)


@pytest.fixture(scope="module")
def client(documented: Api) -> Iterator[Client]:
    made = Client(documented)
    yield made
    made.close()


@pytest.mark.parametrize("proved", [True, False], ids=["by who may ask", "by anybody"])
@pytest.mark.parametrize("route", OPERATIONS)
def test_what_is_made_up_from_the_document_is_answered_as_promised(client: Client, route: str, proved: bool) -> None:
    @tries(3)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        client.send(route, data.draw(cases(route, proved=proved)), proved=proved)

    check()
