"""The writes of an event: DynamoDB bills each one, even without a change."""

from collections.abc import Iterator

import pytest

from switchboard.aws import clients as aws
from switchboard.timeline.dynamodb import DynamoTimelines
from switchboard.timeline.event import Event, Kind
from tests.deployment import deployed
from tests.fakes.aws_calls import before_each

NOW = 1_700_000_000_000


@pytest.fixture
def writes() -> list[str]:
    return []


@pytest.fixture
def timelines(writes: list[str]) -> Iterator[DynamoTimelines]:
    with deployed():
        client = aws.client("dynamodb")
        before_each(client, lambda operation, _: writes.append(operation), "UpdateItem", "BatchWriteItem")
        yield DynamoTimelines(client, "CallsTable", lambda: NOW / 1000, 30)


def dialled(call: str, at: int) -> Event:
    return Event("acme", call, Kind.DIAL_WHOM, at, None, {"caller": "alice", "callee": "bob"})


def test_an_event_of_a_call_that_its_parties_have_in_their_lists_writes_only_itself(
    timelines: DynamoTimelines, writes: list[str]
) -> None:
    timelines.add([dialled("sid-1", NOW)])
    assert writes == ["BatchWriteItem", "UpdateItem", "UpdateItem"]
    writes.clear()
    timelines.add([dialled("sid-1", NOW + 1)])
    assert writes == ["BatchWriteItem"]


def test_an_earlier_event_moves_the_call_in_their_lists(timelines: DynamoTimelines, writes: list[str]) -> None:
    timelines.add([dialled("sid-1", NOW)])
    writes.clear()
    timelines.add([dialled("sid-1", NOW - 1)])
    assert writes == ["BatchWriteItem", "UpdateItem", "UpdateItem"]


def test_what_joins_a_listed_call_leaves_its_lists_alone(timelines: DynamoTimelines, writes: list[str]) -> None:
    timelines.add([dialled("sid-1", NOW)])
    timelines.add([dialled("push-1", NOW + 1)])
    writes.clear()
    timelines.link("acme", "sid-1", "push-1")
    assert writes == ["BatchWriteItem", "BatchWriteItem"]  # the links; off the lists
    assert timelines.calls_of("acme", "alice", 10).calls == ["sid-1"]
