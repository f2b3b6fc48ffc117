"""Uses every permission of the functions that write and list timelines."""

import time
import uuid
from typing import Any

from local import demo
from switchboard.timeline.dynamodb import DynamoTimelines
from switchboard.timeline.event import Detail, Event, Kind
from switchboard.timeline.queue import encode
from tests.stack.conftest import Api, wait_until

SOON = 6.0  # seconds
SETTLED = 12.0  # seconds: less than the queue's visibility timeout, so that only an asked-for return comes in time


def timelines(api: Api) -> DynamoTimelines:
    client: Any = api.stack.aws.session.client("dynamodb", endpoint_url=api.stack.aws.endpoint)
    return DynamoTimelines(client, api.stack.deployment.resources["CallsTable"], time.time, 1)


def kinds(api: Api, call: str) -> set[str]:
    return {event.kind for event in timelines(api).read(demo.ACCOUNT, call)}


def send(api: Api, body: str) -> None:
    api.stack.aws.sqs.send_message(QueueUrl=api.stack.deployment.resources["TimelineQueue"], MessageBody=body)


def tell(api: Api, call: str, kind: Kind, at: int, subscriber: str | None = None, **details: Detail) -> None:
    send(api, next(encode([Event(demo.ACCOUNT, call, kind, at, subscriber, details)])))


def record_call(api: Api) -> None:
    call, push, caller, now = uuid.uuid4().hex, uuid.uuid4().hex, uuid.uuid4().hex[:12], int(time.time() * 1000)
    letters = api.queued("TimelineDeadLetterQueue")
    tell(api, push, Kind.PUSH_ACCEPTED, now, "carol", caller=caller, push_id=push)
    wait_until(lambda: "push-accepted" in kinds(api, push), SOON)
    tell(api, call, Kind.DIAL_WHOM, now - 500, caller=caller, callee="carol", route="context")
    wait_until(lambda: "dial-whom" in kinds(api, push), SOON)  # once the two were joined
    send(api, "gossip")
    wait_until(lambda: api.queued("TimelineDeadLetterQueue") > letters, SOON)
    missed = {"hook": "passthru", "call_type": "incomplete", "dial_status": "no-answer"}
    tell(api, call, Kind.EXOTEL_EVENT, int(time.time() * 1000), **missed)
    wait_until(lambda: call in told(api), SETTLED)  # once it has come back, some seconds later
    api.http.delete("/_sim/pushes")


def told(api: Api) -> set[str]:
    """The calls that phones were told were missed."""
    pushes = [push["message"].get("data", push["message"]) for push in api.http.get("/_sim/pushes").json()]
    return {push["callSid"] for push in pushes if push.get("type") == "missedCall"}


def list_calls(api: Api) -> None:
    call, alice = uuid.uuid4().hex, api.login("alice")
    now = int(time.time() * 1000)
    timelines(api).add([Event(demo.ACCOUNT, call, Kind.DIAL_WHOM, now, None, {"caller": "alice", "callee": "bob"})])
    answer = api.http.get(api.subscriber("alice", "/calls"), headers=alice)
    assert answer.is_success, answer.text
    assert call in [one["id"] for one in answer.json()["calls"]]
