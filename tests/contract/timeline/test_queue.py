"""Writing events down: the fake, and the queue in SQS in moto; and the content of a message."""

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from switchboard.aws import clients as aws
from switchboard.foundation.errors import MalformedRequestError, UnavailableError
from switchboard.timeline.event import Event, Kind
from switchboard.timeline.event_json import LARGEST, decode, encode, pieces
from switchboard.timeline.ports import TimelineWriter
from switchboard.timeline.queue import EVENTS as OF_EVENTS
from switchboard.timeline.queue import MISSED, REFRESH, Message, SqsTimelineQueue, message_of
from tests.deployment import deployed
from tests.fakes.timelines import FakeTimelineWriter

EVENTS = [
    Event("acme", "sid-1", Kind.DIAL_WHOM, 1_700_000_000_000, None, {"caller": "alice", "callee": None}),
    Event("acme", "sid-1", Kind.FEEDBACK, 1_700_000_060_000, "bob", {"rating": 4, "loss": 0.5, "comment": "„gut“ 👍"}),
]


class Queue(NamedTuple):
    put: Callable[[list[Event]], None]
    queued: Callable[[], list[Event]]


@pytest.fixture(params=["fake", "sqs"])
def queue(request: pytest.FixtureRequest) -> Iterator[Queue]:
    if request.param == "fake":
        fake = FakeTimelineWriter()
        yield Queue(fake.put, lambda: fake.events)
        return
    with deployed() as stack:
        url, sqs = stack.reference("TimelineQueue"), aws.client("sqs")
        real: TimelineWriter = SqsTimelineQueue(sqs, url)
        yield Queue(real.put, lambda: [e for m in received(sqs, url) for e in decode(m["Body"])])


def received(sqs: Any, url: str) -> list[dict[str, Any]]:
    return list(sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []))


def test_events_come_out_of_the_queue_as_they_went_in(queue: Queue) -> None:
    queue.put(EVENTS)
    assert queue.queued() == EVENTS


def test_no_events_make_no_message(queue: Queue) -> None:
    queue.put([])
    assert queue.queued() == []


def test_many_events_are_put_into_messages_that_sqs_takes() -> None:
    events = [Event("acme", "sid-1", Kind.SDK_CALLBACK, at, "bob", {"text": "ü" * 9_000}) for at in range(20)]
    bodies = [encode(piece) for piece in pieces(events)]
    assert [event for body in bodies for event in decode(body)] == events
    assert len(bodies) > 1
    assert max(len(body.encode()) for body in bodies) <= LARGEST


def test_events_that_sqs_does_not_take_are_said_to_be_so() -> None:
    with deployed(), pytest.raises(UnavailableError) as refusal:
        SqsTimelineQueue(aws.client("sqs"), "http://127.0.0.1:9/000000000000/absent").put(EVENTS)
    assert refusal.value.code == "not_queued"


def test_a_task_waits_as_long_as_it_is_told_to_and_says_what_it_is_about() -> None:
    with deployed() as stack:
        sqs, url = aws.client("sqs"), stack.reference("TimelineQueue")
        queue = SqsTimelineQueue(sqs, url)
        queue.missed(EVENTS[0], 900)
        assert received(sqs, url) == []
        queue.missed(EVENTS[0], 0)
        queue.refresh(EVENTS)
        tasks = [message_of(message["Body"]) for message in received(sqs, url)]
        assert tasks == [Message(MISSED, EVENTS[:1]), Message(REFRESH, EVENTS)]
        assert message_of(encode(EVENTS)) == Message(OF_EVENTS, EVENTS)


def body(**changes: object) -> str:
    return json.dumps([json.loads(encode(EVENTS[:1]))[0] | changes])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[",
        "{}",
        '{"missed":[]}',
        '{"refresh":7}',
        '{"gossip":[]}',
        "null",
        "[7]",
        "[{}]",
        "[" * 100_000,
        body(kind="gossip"),
        body(at="soon"),
        body(at=True),
        body(at=-1),
        body(at=10**13),
        body(account=None),
        body(call=""),
        body(call="x" * 257),
        body(call="\ud800"),
        body(subscriber=7),
        body(details=[]),
        body(details={"nested": {}}),
    ],
)
def test_a_message_that_holds_no_events_is_malformed(text: str) -> None:
    with pytest.raises(MalformedRequestError) as refusal:
        message_of(text)
    assert "alice" not in refusal.value.message
