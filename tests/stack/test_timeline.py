"""A call's whole timeline, from Dial Whom to its end, as the deployed functions write it."""

import os
import time
from collections.abc import Sequence
from itertools import batched
from typing import Any

import pytest

from local import demo
from switchboard.timeline.correlation import Correlation
from switchboard.timeline.dynamodb import DynamoTimelines
from switchboard.timeline.event import Event
from switchboard.timeline.event_json import encode
from switchboard.timeline.summary import summarise
from tests.stack.conftest import Api, wait_until
from tests.stack.timeline_probes import recorder
from tests.timeline_events import call_of, messages_of, shuffled

LONG_PATIENCE = 120.0  # seconds, for a thousand events
PATIENCE = 45.0  # seconds: calls are played as fast as people are, and the machine is busy


def events(api: Api, call_sid: str) -> Sequence[Event]:
    client: Any = api.stack.aws.session.client("dynamodb", endpoint_url=api.stack.aws.endpoint)
    timelines = DynamoTimelines(client, api.stack.deployment.resources["CallsTable"], lambda: 0)
    return timelines.read(demo.ACCOUNT, call_sid)


def history(api: Api, name: str, **query: str) -> dict[str, Any]:
    answer = api.http.get(api.subscriber(name, "/calls"), params=query, headers=api.login(name))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_call_leaves_its_whole_timeline_in_order(allowing: Api) -> None:
    call_sid = allowing.call("carol", "bob")["call_sid"]
    wait_until(lambda: summarise(events(allowing, call_sid)).ended_at is not None, PATIENCE)
    wait_until(lambda: summarise(events(allowing, call_sid)).correlation is Correlation.MATCHED, PATIENCE)
    told = events(allowing, call_sid)
    ours = ("dial-whom", "push-accepted", "push-sent")
    assert list(dict.fromkeys(event.kind for event in told if event.kind in ours)) == list(ours)
    assert [event.at for event in told] == sorted(event.at for event in told)
    summary = summarise(told)
    assert (summary.call_sid, summary.caller, summary.callee) == (call_sid, "carol", "bob")
    assert (summary.outcome, summary.route) == ("answered", "context")
    assert len(summary.push_ids) == 1


def test_both_parties_find_the_call_in_their_history_and_nobody_else_does(allowing: Api) -> None:
    call_sid = allowing.call("dave", "bob")["call_sid"]
    wait_until(lambda: summarise(events(allowing, call_sid)).outcome is not None, PATIENCE)
    wait_until(lambda: listed_as_ended(allowing, "dave", call_sid), PATIENCE)
    for name, direction, other in (("dave", "outgoing", "bob"), ("bob", "incoming", "dave")):
        listed = {call["id"]: call for call in history(allowing, name)["calls"]}
        assert (listed[call_sid]["direction"], listed[call_sid]["other_party"]) == (direction, other)
    assert call_sid not in {call["id"] for call in history(allowing, "erin")["calls"]}


def listed_as_ended(api: Api, name: str, call_sid: str) -> bool:
    """Look into the table: the route allows 60 requests a minute."""
    rows = recorder(api).timelines.calls_of(demo.ACCOUNT, name, 20).calls
    return any(call["id"] == call_sid and call["outcome"] for call in rows)


def test_nobody_dialled_is_a_call_too(allowing: Api) -> None:
    allowing.http.delete(allowing.subscriber("erin", "/context"))
    allowing.dial_whom("erin", "sid-of-nobody")
    wait_until(lambda: summarise(events(allowing, "sid-of-nobody")).route == "no-context", PATIENCE)


def test_events_in_random_order_and_twice_make_the_same_calls_as_in_order(allowing: Api) -> None:
    """Through queue and function; MANY_CALLS=100 makes it a thousand events, which take the emulator a minute."""
    began, many = int(time.time() * 1000) - 20_000, int(os.environ.get("MANY_CALLS", "12"))
    calls = {f"sid-{number}": call_of(number, began) for number in range(many)}
    every = [event for events in calls.values() for event in events]
    for number, known in enumerate(calls.values()):
        recorder(allowing).answer(f"sid-{number}", known[0].at, f"caller{number}", f"callee{number}")
    bodies = [encode(message) for message in messages_of(shuffled(every, seed=7), every, 10)]
    for ten in batched(bodies, 10, strict=False):
        entries: Any = [{"Id": str(number), "MessageBody": body} for number, body in enumerate(ten)]
        url = allowing.stack.deployment.resources["TimelineQueue"]
        assert not allowing.stack.aws.sqs.send_message_batch(QueueUrl=url, Entries=entries).get("Failed")
    wait_until(lambda: allowing.queued("TimelineQueue") == 0, LONG_PATIENCE, every=0.5)
    wait_until(lambda: all(len(events(allowing, call)) >= len(known) for call, known in calls.items()), LONG_PATIENCE)
    found = {call: summarise(events(allowing, call)) for call in calls}
    assert found == {call: summarise(events) for call, events in calls.items()}


@pytest.mark.parametrize(("limit", "status"), [("0", 422), ("51", 422), ("x", 422), ("1", 200)])
def test_a_page_has_bounds(allowing: Api, limit: str, status: int) -> None:
    path = allowing.subscriber("alice", "/calls")
    answer = allowing.http.get(path, params={"limit": limit}, headers=allowing.login("alice"))
    assert answer.status_code == status
    assert allowing.http.get(path).status_code == 401  # StockApps=allow does not reach it
