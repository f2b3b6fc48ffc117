"""The push queue and its dead letters: the fakes, and SQS in moto."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import pytest
from types_boto3_sqs import SQSClient

from switchboard.aws import clients as aws
from switchboard.foundation.errors import MalformedRequestError, UnavailableError
from switchboard.pushes.cancel import Cancel, Reason
from switchboard.pushes.dead_letters import SqsDeadLetters
from switchboard.pushes.missed_call import Pushed
from switchboard.pushes.ports import DeadLetters, PushQueue
from switchboard.pushes.push import Push
from switchboard.pushes.queue import SqsPushQueue, encode
from switchboard.pushes.queued_push import decode
from switchboard.subscribers.subscriber import Device, Environment, Platform, TokenType
from tests.fakes.moto_wire import moto_client
from tests.fakes.push import FakeDeadLetters, FakePushQueue

PUSH = Push("demo1m", "Bob", "e30.e30.sig", "2.0", "push-1", 1_700_000_000_123)

CANCEL = Cancel("demo1m", "Bob", "1#sid", Reason.ENDED, 5, 6, 7, "push-1", "phone-1")
IPHONE = Device(
    "ab" * 32,
    TokenType.APNS_VOIP,
    5,
    platform=Platform.IOS,
    environment=Environment.SANDBOX,
    bundle_id="com.example.app",
    knows=frozenset({"cancel"}),
)


class Relay(NamedTuple):
    queue: PushQueue
    dead_letters: DeadLetters
    queued: Callable[[], Sequence[Pushed]]
    dead: Callable[[], list[tuple[Pushed, str]]]


@pytest.fixture
def sqs() -> Iterator[SQSClient]:
    with moto_client("sqs") as client:
        yield client


def received(sqs: SQSClient, url: str) -> list[tuple[Pushed, str]]:
    """Return each push in a queue with its reason, "" where it has none."""
    answer = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"], MaxNumberOfMessages=10)
    found = []
    for message in answer.get("Messages", []):
        attributes = message.get("MessageAttributes", {})
        found.append((decode(message["Body"]), attributes["reason"]["StringValue"] if attributes else ""))
    return found


@pytest.fixture(params=["fake", "sqs"])
def relay(request: pytest.FixtureRequest) -> Relay:
    if request.param == "fake":
        queue, letters = FakePushQueue(), FakeDeadLetters()
        return Relay(queue, letters, lambda: queue.pushes, lambda: letters.letters)
    sqs = request.getfixturevalue("sqs")
    url, dead_url = (sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("pushes", "dead"))
    return Relay(
        SqsPushQueue(sqs, url),
        SqsDeadLetters(sqs, dead_url),
        lambda: [push for push, _ in received(sqs, url)],
        lambda: received(sqs, dead_url),
    )


def test_a_push_comes_out_of_the_queue_as_it_went_in(relay: Relay) -> None:
    relay.queue.put(PUSH)

    assert relay.queued() == [PUSH]


@pytest.mark.parametrize(
    "cancel",
    [
        CANCEL,
        replace(
            CANCEL, by=None, whole=False, devices=(Device("token", TokenType.FCM, 5, knows=frozenset({"cancel"})),)
        ),
        replace(CANCEL, devices=(IPHONE, IPHONE)),
    ],
)
def test_a_cancel_comes_out_of_the_queue_as_it_went_in(sqs: SQSClient, cancel: Cancel) -> None:
    url = sqs.create_queue(QueueName="pushes")["QueueUrl"]

    SqsPushQueue(sqs, url).cancel(cancel)

    assert received(sqs, url) == [(cancel, "")]


def cancel_body(**changes: object) -> str:
    return json.dumps(json.loads(encode(CANCEL)) | changes)


@pytest.mark.parametrize(
    "text",
    [
        cancel_body(reason="bored"),
        cancel_body(devices="all"),
        cancel_body(devices=[{}]),
        cancel_body(devices=[7]),
        cancel_body(by=7),
        cancel_body(until=None),
        cancel_body(type=["cancel"]),
    ],
)
def test_a_cancel_that_is_none_is_malformed(text: str) -> None:
    with pytest.raises(MalformedRequestError):
        decode(text)


def test_a_dead_letter_carries_its_reason(relay: Relay) -> None:
    relay.dead_letters.put(PUSH, "400 INVALID_ARGUMENT")

    assert relay.dead() == [(PUSH, "400 INVALID_ARGUMENT")]


def test_a_push_that_sqs_does_not_take_is_an_error(sqs: SQSClient) -> None:
    with pytest.raises(UnavailableError) as refusal:
        SqsPushQueue(sqs, "http://127.0.0.1/000000000000/absent").put(PUSH)

    assert (refusal.value.code, refusal.value.retry_after) == ("not_queued", 1)


def test_a_push_is_said_not_to_be_queued_where_sqs_cannot_be_reached(
    sqs: SQSClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:9")
    unreachable = aws.client("sqs")

    with pytest.raises(UnavailableError):
        SqsPushQueue(unreachable, "http://127.0.0.1:9/000000000000/pushes").put(PUSH)


def test_a_delayed_message_is_out_of_sight_for_that_long(sqs: SQSClient) -> None:
    url = sqs.create_queue(QueueName="pushes", Attributes={"VisibilityTimeout": "0"})["QueueUrl"]
    queue = SqsPushQueue(sqs, url)
    queue.put(PUSH)
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]

    queue.delay(message["ReceiptHandle"], 3)

    assert "Messages" not in sqs.receive_message(QueueUrl=url)


def body(**changes: object) -> str:
    return json.dumps(json.loads(encode(PUSH)) | changes)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "7",
        "{}",
        body(acceptedAt="soon"),
        body(acceptedAt=float("inf")),
        body(acceptedAt=None),
        body(payload=7),
        body(account=None),
    ],
)
def test_a_message_that_holds_no_push_is_malformed_and_not_repeated_in_the_error(text: str) -> None:
    with pytest.raises(MalformedRequestError) as refusal:
        decode(text)

    assert "e30" not in refusal.value.message
