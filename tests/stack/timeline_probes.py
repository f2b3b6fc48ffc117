"""Uses every permission of the functions that write and list timelines."""

import time
import uuid
from collections.abc import Sequence
from typing import Any

from local import demo
from switchboard.erasure.erasures_dynamodb import DynamoErasures, new_key
from switchboard.timeline.answers import ListedCall
from switchboard.timeline.entry import entries_of
from switchboard.timeline.event import Detail, Event, Kind
from switchboard.timeline.event_json import encode
from tests.benches.record_call import Recorder, on_dynamodb
from tests.stack.conftest import Api, wait_until

SOON = 6.0  # seconds
SETTLED = 12.0  # seconds


FIRST_PAGES = 5  # FIRST_FEW of list_calls


def recorder(api: Api) -> Recorder:
    client: Any = api.stack.aws.session.client("dynamodb", endpoint_url=api.stack.aws.endpoint)
    tables = api.stack.deployment.resources
    return on_dynamodb(time.time, client, tables["CallsTable"], tables["CallContextsTable"])


def kinds(api: Api, call: str) -> set[str]:
    return {event.kind for event in recorder(api).timelines.read(demo.ACCOUNT, call)}


def send(api: Api, body: str) -> None:
    api.stack.aws.sqs.send_message(QueueUrl=api.stack.deployment.resources["TimelineQueue"], MessageBody=body)


def tell(api: Api, call: str, kind: Kind, at: int, subscriber: str | None = None, **details: Detail) -> None:
    send(api, encode([Event(demo.ACCOUNT, call, kind, at, subscriber, details)]))


def record_call(api: Api) -> None:
    call, push, session, caller = uuid.uuid4().hex, uuid.uuid4().hex, uuid.uuid4().hex, uuid.uuid4().hex[:12]
    letters, now = api.queued("TimelineDeadLetterQueue"), int(time.time() * 1000)
    tell(api, push, Kind.PUSH_ACCEPTED, now, "carol", caller=caller, push_id=push)
    wait_until(lambda: "push-correlation" in kinds(api, push), SOON)  # what Dial Whom answered was looked up
    tell(api, call, Kind.DIAL_WHOM, now - 500, caller=caller, callee="carol", route="context")
    tell(api, call, Kind.SDK_CALLBACK, now, "carol", name="onCallRinging", session_id=session)
    wait_until(lambda: "dial-whom" in kinds(api, session), SOON)  # once the stream has told of both
    wait_until(lambda: call in [one["id"] for one in history(api, caller)], SOON)
    send(api, "gossip")
    wait_until(lambda: api.queued("TimelineDeadLetterQueue") > letters, SOON)
    missed = {"hook": "passthru", "call_type": "incomplete", "dial_status": "no-answer"}
    tell(api, call, Kind.EXOTEL_EVENT, int(time.time() * 1000), **missed)
    wait_until(lambda: call in told(api), SETTLED)  # once it has settled, some seconds later
    api.http.delete("/_sim/pushes")
    begun(api, caller)  # who is deleted, and told of once more
    again = uuid.uuid4().hex
    tell(api, again, Kind.DIAL_WHOM, int(time.time() * 1000), caller=caller, callee="carol", route="context")
    nameless = "deleted#"
    wait_until(
        lambda: [one.details["caller"] for one in recorder(api).timelines.read(demo.ACCOUNT, again)] == [nameless],
        SETTLED,
    )


def begun(api: Api, name: str) -> None:
    """Begin the erasure of a user of generation 1, as if the deletion had crashed before it removed the profile."""
    client: Any = api.stack.aws.session.client("dynamodb", endpoint_url=api.stack.aws.endpoint)
    table = api.stack.deployment.resources["ErasuresTable"]
    DynamoErasures(client, table, time.time, new_key).begin(demo.ACCOUNT, name, 1, keeps=False)


def happened(api: Api, call: Event, name: str) -> None:
    """Store what Dial Whom told of a call, and wait until the stream has brought it into the party's history."""
    recorder(api).entries.put(entries_of([call]))
    wait_until(lambda: call.call in [one["id"] for one in history(api, name)], SOON)


def history(api: Api, name: str) -> Sequence[ListedCall]:
    return recorder(api).timelines.calls_of(demo.ACCOUNT, name, 50).calls


def told(api: Api) -> set[str]:
    """The calls that phones were told were missed."""
    pushes = [push["message"].get("data", push["message"]) for push in api.http.get("/_sim/pushes").json()]
    return {push["callSid"] for push in pushes if push.get("type") == "missedCall"}


def list_calls(api: Api) -> None:
    call, alice = uuid.uuid4().hex, api.login("alice")
    now = int(time.time() * 1000)
    dialled = Event(demo.ACCOUNT, call, Kind.DIAL_WHOM, now, None, {"caller": "alice", "callee": "bob"})
    happened(api, dialled, "alice")
    for _ in range(FIRST_PAGES + 1):  # the environment counts the first few by itself
        answer = api.http.get(api.subscriber("alice", "/calls"), headers=alice)
        assert answer.is_success, answer.text
    assert call in [one["id"] for one in answer.json()["calls"]]
