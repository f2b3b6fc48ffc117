"""Feedback, events and acknowledgements as API Gateway invokes them, against moto."""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from local.calls.call_data import call_data
from switchboard.aws import clients as aws
from switchboard.calls.context import CallContext
from switchboard.calls.dynamodb import DynamoCallContexts
from switchboard.login.gate import session_tokens
from switchboard.pushes.deliveries import DynamoDeliveries
from switchboard.pushes.payload import push_of
from switchboard.subscribers.dynamodb import DynamoSubscribers
from switchboard.subscribers.subscriber import Status, Subscriber
from switchboard.timeline.event import Event, Kind, of_app
from switchboard.timeline.event_json import decode
from switchboard.timeline.ports import Timelines
from tests.benches.record_call import on_dynamodb
from tests.deployment import Deployment, deployed
from tests.events import recorded, request
from tests.stored_events import stored_events

LONGEST_SECONDS = 20  # of a test
SUBSCRIBER = "/v1/accounts/{accountSid}/subscribers/{name}"
RATED: dict[str, Any] = {
    "callId": "743ddcf5a0552050bc37b6d0ff9613bn",
    "rating": 4,
    "issue": "CHOPPY_AUDIO",
    "comment": "cut out twice",
}


@dataclass
class Reports:
    deployment: Deployment
    function: Any
    timelines: Timelines

    def session(self, name: str, account: str = "demo1m") -> dict[str, str]:
        subscriber = Subscriber(account, name, Status.ACTIVE, "v1", name, 0, 0)
        DynamoSubscribers(aws.client("dynamodb"), self.deployment.reference("SubscribersTable")).put(subscriber)
        tokens = session_tokens(self.deployment.reference("SessionSecret"), 24)
        return {"Authorization": f"Bearer {tokens.issue(subscriber, 'a-phone')[0]}"}

    def post(
        self, resource: str, body: Any = None, *, name: str = "alice", headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        path = f"/v1/accounts/demo1m/subscribers/{name}/{resource}"
        route = f"{SUBSCRIBER}/{'pushes/{pushId}/ack' if resource.startswith('pushes') else resource}"
        sent = self.session(name) if headers is None else headers
        answer = self.function.handler(request("POST", path, route=route, body=body, headers=sent), None)
        return answer["statusCode"], json.loads(answer["body"]) | {"headers": answer["headers"]}

    def accepted_push(self, caller: str, callee: str) -> str:
        """Return the id of a push that a phone of the callee got just now."""
        now = int(time.time() * 1000)
        push = push_of(
            "demo1m", {"subscriberName": callee, "payload": call_data(caller), "payloadVersion": "2"}, "0a", now
        )
        deliveries = DynamoDeliveries(self.deployment.client("dynamodb"), "DeliveriesTable")
        deliveries.begin(push, now_ms=now, lease_ms=10_000, known_until_ms=now + 30_000)
        deliveries.mark(push, "a-phone", last=True)
        return push.push_id

    def stored(self) -> Sequence[Event]:
        """The events that the apps have told."""
        return [event for event in stored_events(self.deployment.client("dynamodb")) if event.of_an_app]

    def queued(self) -> Sequence[Event]:
        url = self.deployment.reference("TimelineQueue")
        messages = self.deployment.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        return [event for message in messages.get("Messages", []) for event in decode(message["Body"])]


@pytest.fixture
def reports() -> Iterator[Reports]:
    with deployed() as deployment:
        table = deployment.reference("CallsTable")
        recorder = on_dynamodb(client=deployment.client("dynamodb"), calls=table)
        parties = {"caller": "alice", "callee": "bob"}
        recorder.add([Event("demo1m", RATED["callId"], Kind.DIAL_WHOM, 1_700_000_000_000, None, parties)])
        yield Reports(deployment, deployment.function("IngestReportsFunction"), recorder.timelines)


def test_the_recorded_rating_is_written_at_once(reports: Reports) -> None:
    event = recorded("ingest_reports")
    event["headers"]["authorization"] = reports.session("alice")["Authorization"]

    answer = reports.function.handler(event, None)

    written = reports.timelines.read("demo1m", RATED["callId"])[-1]
    expected = {"codec": "opus", "packet_loss": 2, "jitter_ms": 12, "round_trip_ms": 180, "mos": 3.9}
    assert (answer["statusCode"], RATED.items() <= json.loads(answer["body"]).items()) == (200, True)
    assert (written.kind, written.subscriber) == (Kind.FEEDBACK, "alice")
    assert dict(written.details) == {name: RATED[name] for name in ("rating", "issue", "comment")} | expected


def test_both_parties_rate_the_same_again_is_the_same_and_a_change_replaces(reports: Reports) -> None:
    answers = [
        reports.post("feedback", RATED, name="bob"),
        reports.post("feedback", RATED, name="bob"),
        reports.post("feedback", RATED | {"rating": 1}, name="bob"),
        reports.post("feedback", RATED, name="alice"),
    ]

    assert [(status, answer["rating"]) for status, answer in answers] == [(200, 4), (200, 4), (200, 1), (200, 4)]
    events = [event for event in reports.timelines.read("demo1m", RATED["callId"]) if event.kind is Kind.FEEDBACK]
    assert [(event.subscriber, event.details["rating"]) for event in events] == [("bob", 4), ("bob", 1), ("alice", 4)]


@pytest.mark.parametrize(
    ("changes", "status", "code", "field"),
    [
        ({"rating": 0}, 422, "invalid_field", "rating"),
        ({"rating": 6}, 422, "invalid_field", "rating"),
        ({"rating": "4"}, 422, "invalid_field", "rating"),
        ({"rating": True}, 422, "invalid_field", "rating"),
        ({"issue": "BORED"}, 422, "invalid_field", "issue"),
        ({"comment": "x" * 1001}, 422, "invalid_field", "comment"),
        ({"statistics": []}, 422, "invalid_field", "statistics"),
        ({"callId": ""}, 422, "invalid_field", "callId"),
        ({"callId": "app:alice"}, 422, "invalid_field", "callId"),
        ({"callId": "unknown"}, 404, "unknown_call", "callId"),
    ],
)
def test_bad_feedback_is_refused_and_the_field_named(
    reports: Reports, changes: dict[str, Any], status: int, code: str, field: str
) -> None:
    answered, answer = reports.post("feedback", RATED | changes)

    assert (answered, answer["http_code"], answer["code"], answer["field"]) == (status, status, code, field)


def test_who_was_not_on_the_call_may_not_rate_it(reports: Reports) -> None:
    status, answer = reports.post("feedback", RATED, name="carol")

    assert (status, answer["code"]) == (403, "not_a_party")


def test_one_or_many_events_are_stored_before_the_202(reports: Reports) -> None:
    one = reports.post("events", {"name": "onInitializationFailure", "error": {"type": "CONGESTION_ERROR"}})
    many = reports.post("events", {"events": [{"name": "onCallRinging", "callId": "c", "n": n} for n in range(100)]})

    assert [(status, answer["accepted"]) for status, answer in (one, many)] == [(202, 1), (202, 100)]
    kinds = [(event.call, event.kind) for event in reports.stored()]
    assert kinds[:2] == [(of_app("alice"), Kind.SDK_CALLBACK), (of_app("alice"), Kind.SDK_ERROR)]
    assert kinds[2:] == [("c", Kind.SDK_CALLBACK)] * 100


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"events": [{"name": "x"}] * 101}, "events"),
        ({"events": []}, "events"),
        ({"events": [{"name": "x"}, {"callId": "c"}]}, "events.1.name"),
        ({"name": "x", "sessionId": "a#b"}, "events.0.sessionId"),
        ({"events": [{"name": "x", "callId": f"c{n}"} for n in range(17)]}, "events"),
    ],
)
def test_bad_events_are_refused_whole_and_the_field_named(reports: Reports, body: Any, field: str) -> None:
    status, answer = reports.post("events", body)

    assert (status, answer["field"]) == (422, field)
    assert not reports.stored()


def test_an_acknowledged_push_is_stored_as_an_event_and_its_call_is_told(reports: Reports) -> None:
    push_id = reports.accepted_push("alice", "bob")
    status, answer = reports.post(f"pushes/{push_id}/ack", name="bob")

    (event,) = reports.stored()
    assert (status, answer["pushId"], answer["context"]) == (202, push_id, None)
    assert (event.call, event.kind, event.subscriber) == (push_id, Kind.PUSH_ACKNOWLEDGED, "bob")

    now = int(time.time())
    contexts = DynamoCallContexts(reports.deployment.client("dynamodb"), "CallContextsTable")
    contexts.put(CallContext("demo1m", "alice", "bob", "About your order", now * 1000, now + 60, "Alice of Sales"))
    _, answer = reports.post(f"pushes/{push_id}/ack", name="bob")
    assert answer["context"] == {"message": "About your order", "callerName": "Alice of Sales"}


def test_an_ack_of_a_push_that_no_phone_of_the_user_got_changes_and_tells_nothing(reports: Reports) -> None:
    push_id = reports.accepted_push("alice", "bob")
    answers = [
        reports.post(f"pushes/{asked}/ack", name=name) for asked, name in ((push_id, "carol"), ("6f1d2c3b", "bob"))
    ]

    assert [(status, answer["pushId"], answer["context"]) for status, answer in answers] == [
        (202, push_id, None), (202, "6f1d2c3b", None),
    ]  # fmt: skip
    assert not reports.stored()


@pytest.mark.parametrize("push_id", ["a%23b", "app%3Aalice", "x" * 65])
def test_what_is_no_push_id_is_refused(reports: Reports, push_id: str) -> None:
    status, answer = reports.post(f"pushes/{push_id}/ack")

    assert (status, answer["field"]) == (422, "pushId")


@pytest.mark.parametrize("resource", ["feedback", "events", "pushes/6f1d2c3b/ack"])
def test_only_the_subscribers_own_session_is_accepted(reports: Reports, resource: str) -> None:
    strangers: tuple[dict[str, str], ...] = ({}, reports.session("bob"), reports.session("alice", "other1m"))

    statuses = [reports.post(resource, {"name": "x"} | RATED, headers=headers)[0] for headers in strangers]

    assert statuses == [401, 403, 403]
    assert not reports.stored()


def test_stock_apps_allow_opens_none_of_these_routes() -> None:
    with deployed(StockApps="allow") as deployment:
        function = deployment.function("IngestReportsFunction")
        path = "/v1/accounts/demo1m/subscribers/alice/events"
        answer = function.handler(request("POST", path, route=f"{SUBSCRIBER}/events", body={"name": "x"}), None)

    assert answer["statusCode"] == 401


def test_too_many_reports_are_a_429_with_a_retry_after(reports: Reports) -> None:
    left = 60 - time.time() % 60  # of the window in which they are counted
    time.sleep(left if left < LONGEST_SECONDS else 0)
    reports.function.PER_MINUTE["ack"] = 1
    session, first_few = reports.session("alice"), reports.function.FIRST_FEW
    answers = [reports.post("pushes/6f1d2c3b/ack", headers=session) for _ in range(first_few + 2)]

    assert [status for status, _ in answers[:-1]] == [202] * (first_few + 1)

    status, answer = answers[-1]
    assert (status, answer["code"]) == (429, "too_many_requests")
    assert 1 <= int(answer["headers"]["Retry-After"]) <= 60
    assert reports.post("events", {"name": "x"}, headers=session)[0] == 202


def test_what_the_table_does_not_take_waits_in_the_queue(reports: Reports) -> None:
    reports.deployment.client("dynamodb").delete_table(TableName="CallsTable")
    assert reports.post("events", {"name": "x", "callId": "c"})[0] == 202
    assert [event.call for event in reports.queued()] == ["c"]


def test_a_table_and_a_queue_that_are_gone_are_a_503(reports: Reports) -> None:
    reports.deployment.client("dynamodb").delete_table(TableName="CallsTable")
    reports.deployment.client("sqs").delete_queue(QueueUrl=reports.deployment.reference("TimelineQueue"))

    assert reports.post("events", {"name": "x"})[0] == 503
