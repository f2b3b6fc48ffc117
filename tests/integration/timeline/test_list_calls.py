"""GET calls as API Gateway invokes it: a user's own history, and nobody else's."""

import json
import math
import time
from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks.cost.measuring.units import size
from switchboard.aws import clients as aws
from switchboard.login.session_keys import SecretsManagerSessionKeys
from switchboard.login.sessions import SessionTokens
from switchboard.subscribers.dynamodb import DynamoSubscribers
from switchboard.subscribers.subscriber import Status, Subscriber
from switchboard.timeline.event import Kind
from tests.benches.record_call import on_dynamodb
from tests.deployment import Deployment, deployed
from tests.events import request
from tests.fakes.aws_calls import before_each
from tests.timeline_events import ACCOUNT, BEGAN, agent, dialled, event, passthru, pushed

ROUTE = "/v1/accounts/{accountSid}/subscribers/{name}/calls"


@pytest.fixture
def stack() -> Iterator[Deployment]:
    with deployed(StockApps="allow") as deployment:
        subscribers = DynamoSubscribers(aws.client("dynamodb"), "SubscribersTable")
        for name in ("alice", "bob", "mallory"):
            subscribers.put(Subscriber(ACCOUNT, name, Status.ACTIVE, "v1", name, 1, 1))
        recorder = on_dynamodb()
        for number in range(3):
            recorder.add([dialled(f"sid-{number}", BEGAN + number * 1000)])
        recorder.put("sid-2", [pushed("push-2", BEGAN + 2_300)])
        recorder.add(
            [agent("sid-2", BEGAN + 3_000, "ringing"), passthru("sid-2", BEGAN + 22_000, "completed", "completed", 15)]
        )
        recorder.add([event("sid-2", Kind.FEEDBACK, BEGAN + 30_000, "alice", rating=4)])
        recorder.add([event("sid-1", Kind.FEEDBACK, BEGAN + 30_000, "mallory", rating=1)])
        yield deployment


def header(stack: Deployment, name: str) -> dict[str, str]:
    secret = stack.reference("SessionSecret")
    keys = SecretsManagerSessionKeys(aws.client("secretsmanager"), secret, 24, time.time)
    subscriber = DynamoSubscribers(aws.client("dynamodb"), "SubscribersTable").find(ACCOUNT, name)
    assert subscriber is not None
    return {
        "Authorization": "Bearer " + SessionTokens(keys, 24, time.time, lambda: "id").issue(subscriber, "a-phone")[0]
    }


def ask(stack: Deployment, name: str, query: str = "", who: str | None = None) -> tuple[int, dict[str, Any]]:
    path = f"/v1/accounts/{ACCOUNT}/subscribers/{name}/calls?{query}"
    headers = header(stack, who or name) if who != "" else {}
    answer = stack.function("ListCallsFunction").handler(request("GET", path, route=ROUTE, headers=headers), None)
    return answer["statusCode"], json.loads(answer["body"])


def test_a_call_is_shown_as_its_party_saw_it(stack: Deployment) -> None:
    status, body = ask(stack, "alice")
    assert (status, [call["id"] for call in body["calls"]]) == (200, ["sid-2", "sid-1", "sid-0"])
    assert body["calls"][0] == {
        "id": "sid-2",
        "call_sid": "sid-2",
        "push_ids": ["push-2"],
        "session_ids": [],
        "direction": "outgoing",
        "other_party": "bob",
        "other_deleted": False,
        "started_at": BEGAN // 1000 + 2,
        "outcome": "answered",
        "ring_seconds": 4.0,
        "talk_seconds": 15.0,
        "rating": 4,
    }
    (mine, *_) = ask(stack, "bob")[1]["calls"]
    assert (mine["direction"], mine["other_party"], mine["rating"]) == ("incoming", "alice", None)


def test_pages_follow_each_other_by_cursor(stack: Deployment) -> None:
    first = ask(stack, "alice", "limit=2")[1]
    second = ask(stack, "alice", f"limit=2&cursor={first['cursor']}")[1]
    assert [call["id"] for call in (*first["calls"], *second["calls"])] == ["sid-2", "sid-1", "sid-0"]
    assert second["cursor"] is None


def test_a_call_is_not_listed_for_a_user_who_only_claims_to_be_a_party(stack: Deployment) -> None:
    assert ask(stack, "mallory")[1]["calls"] == []


def test_a_page_of_twenty_is_three_calls_and_at_most_fifteen_read_units(stack: Deployment) -> None:
    recorder = on_dynamodb()
    ids = [f"{number:0128}" for number in range(16)]
    for number in range(21):
        call = f"call-{number:0100}"
        events = [event(call, Kind.SDK_CALLBACK, BEGAN + number, "alice", session_id=one, name="x") for one in ids]
        recorder.add([dialled(call, BEGAN + 9_000 + number), *events])
    ask(stack, "alice")  # the first request also reads the session's key
    function, sent = stack.function("ListCallsFunction"), list[dict[str, Any]]()
    client = function.build().list_calls.timelines._client
    clients = {id(one): one for one in (client, function.build().gate.subscribers._client)}
    for one in clients.values():
        before_each(one, lambda _, parameters: sent.append(parameters))
    path = f"/v1/accounts/{ACCOUNT}/subscribers/alice/calls?"
    answer = function.handler(request("GET", path, route=ROUTE, headers=header(stack, "alice")), None)
    calls = json.loads(answer["body"])["calls"]
    assert (len(calls), len(sent)) == (20, 3)
    assert sum(bool(call["session_ids"]) for call in calls) == 20
    assert not any(asked.get("ConsistentRead") for asked in sent)
    stored = stack.client("dynamodb").scan(TableName="CallsTable")["Items"]
    rows = [item for item in stored if item["pk"]["S"] == f"{ACCOUNT}#party#alice"]
    summaries = [item for item in stored if item["sk"]["S"] == "listed" and "call-" in item["pk"]["S"]]
    together = [sum(map(size, rows)), *map(size, summaries[:20])]
    units = sum(math.ceil(each / 4096) / 2 for each in together)
    assert len(summaries) == 21
    assert units <= 13  # and two for the session


@pytest.mark.parametrize(("query", "field"), [("limit=0", "limit"), ("limit=51", "limit"), ("cursor=x", "cursor")])
def test_bad_bounds_are_refused_by_name(stack: Deployment, query: str, field: str) -> None:
    status, body = ask(stack, "alice", query)
    assert (status, body["field"]) == (422, field)


def test_others_and_stock_apps_are_refused(stack: Deployment) -> None:
    assert ask(stack, "alice", who="bob")[0] == 403
    assert ask(stack, "alice", who="")[0] == 401
