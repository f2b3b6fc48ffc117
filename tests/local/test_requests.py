"""The list of requests: who sent each, what it was for, which call it belongs to."""

from typing import Any

import pytest

from local import demo
from local.calls.call_data import call_data
from local.workbench.exchange import Exchange, Message
from local.workbench.requests import MOST_KEPT, Requests, line

S = "/v1/accounts/demo1m/subscribers"
JSON = [("Content-Type", "application/json")]
EXOTEL = [("Authorization", "Basic abc")]


def exchange(
    method: str, target: str, body: str = "", headers: Any = (), *, status: int = 200, answer: str = "{}"
) -> Exchange:
    sent, got = Message([*headers], body.encode()), Message(JSON, answer.encode())
    return Exchange(1, 1_700_000_000_000, method, target, sent, status, got, 12)


@pytest.mark.parametrize(
    ("one", "who", "route", "ids"),
    [
        (exchange("POST", "/v1/login", '{"user_name": "bob"}', JSON), "bob", "/v1/login", []),
        (exchange("POST", f"{S}/alice/context", "{}", JSON), "alice", "S/context", []),
        (exchange("GET", f"{S}/al%20ice/context"), "al ice", "S/context", []),
        (exchange("POST", f"{S}/bob/pushes/p123/ack"), "bob", "S/pushes/{id}/ack", ["p123"]),
        (exchange("DELETE", f"{S}/bob/devices/9f86"), "bob", "S/devices/{id}", []),
        (exchange("GET", f"{S}/bob", "", [("Authorization", f"Bearer {demo.SERVER_KEY}")]), "your server", "S", []),
        (
            exchange("GET", "/v1/accounts/demo1m/dialtonumber?CallSid=c1&CallFrom=sip:alice", "", EXOTEL),
            *("Exotel", "…/dialtonumber", ["c1"]),
        ),
        (
            exchange("GET", "/v1/hooks/local-hook/accounts/demo1m/callevents?CallSid=c2"),
            "Exotel",
            "…/callevents",
            ["c2"],
        ),
        (
            exchange("POST", "/v1/accounts/demo1m/pushtoclient", f'{{"payload": "{call_data("alice", "s1")}"}}', JSON),
            *("Exotel", "…/pushtoclient", ["s1"]),
        ),
        (
            exchange(
                "POST",
                f"{S}/bob/events",
                '{"events": [{"pushId": "p1", "sessionId": "s1"}, {"pushId": "p1"}, 7]}',
                JSON,
            ),
            *("bob", "S/events", ["p1", "s1"]),
        ),
        (exchange("POST", "//login", "not json"), "", "//login", []),
        (
            exchange("POST", "/v1/accounts/demo1m/pushtoclient", '{"payload": "a.b"}', JSON),
            "Exotel",
            "…/pushtoclient",
            [],
        ),
    ],
)
def test_a_request_says_who_sent_it_and_to_which_call_it_belongs(
    one: Exchange, who: str, route: str, ids: list[str]
) -> None:
    assert (one.who, one.route, one.ids) == (who, route, ids)


def test_a_refusal_is_shown_with_its_code_and_request_id() -> None:
    one = exchange(
        "POST", "/v1/login", "{}", JSON, status=403, answer='{"code": "wrong_credentials", "request_id": "r1"}'
    )
    assert (one.row()["code"], one.row()["request_id"]) == ("wrong_credentials", "r1")
    assert "403 wrong_credentials" in line(one)
    assert "  12 ms" in line(one)


def test_nothing_secret_is_in_what_is_shown() -> None:
    secrets = (demo.PASSWORD, demo.first_phone("bob").token, call_data("alice", "s1"), demo.WEBHOOK_PATH)
    body = f'{{"password": "{secrets[0]}", "deviceToken": "{secrets[1]}", "payload": "{secrets[2]}"}}'
    path = f"/v1/hooks/{secrets[3]}/accounts/demo1m/pushtoclient?token={secrets[1]}"
    one = exchange("POST", path, body, [*JSON, ("Authorization", f"Bearer {secrets[2]}")], answer=body)
    shown = f"{one.details()} {line(one)}"
    assert [secret for secret in secrets if secret in shown] == []


def kept(*ones: Exchange) -> Requests:
    requests = Requests()
    for one in ones:
        requests._keep(one)
    return requests


def test_a_context_belongs_to_the_call_that_dial_whom_asks_for_next() -> None:
    old, context = exchange("POST", f"{S}/alice/context"), exchange("POST", f"{S}/alice/context")
    old.at -= 120_000
    other = exchange("POST", f"{S}/bob/context")
    asked = exchange("GET", "/v1/accounts/demo1m/dialtonumber?CallSid=c1&CallFrom=sip:alice")
    kept(old, context, other, asked)
    assert (old.ids, context.ids, other.ids) == ([], ["c1"], [])


def test_only_the_newest_are_kept_in_number_and_in_bytes() -> None:
    requests = kept(*(exchange("GET", f"{S}/u{number}") for number in range(MOST_KEPT + 20)))
    assert len(requests.newest(5000)) == MOST_KEPT
    assert requests.newest(1)[0].who == f"u{MOST_KEPT + 19}"
    large = kept(*(exchange("POST", f"{S}/bob/logs", "x" * 9_000_000) for _ in range(10)))
    assert len(large.newest()) == 7
