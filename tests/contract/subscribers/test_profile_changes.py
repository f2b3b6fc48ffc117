"""A change of a profile does not overwrite a concurrent one: the fake, and DynamoDB in moto."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from switchboard.subscribers.dynamodb import DynamoSubscribers
from switchboard.subscribers.ports import Profiles
from switchboard.subscribers.subscriber import Status, Subscriber
from tests.deployment import deployed
from tests.fakes.subscribers import FakeSubscribers

ALICE = Subscriber("demo1m", "alice", Status.ACTIVE, "v1", "Alice", 1, 1, password_hash="a hash")


@pytest.fixture(params=["fake", "dynamodb"])
def profiles(request: pytest.FixtureRequest) -> Iterator[Profiles]:
    if request.param == "fake":
        yield FakeSubscribers()
        return
    with deployed() as deployment:
        yield DynamoSubscribers(deployment.client("dynamodb"), deployment.reference("SubscribersTable"))


def test_a_profile_is_created_where_there_is_none(profiles: Profiles) -> None:
    assert profiles.replace(None, ALICE)
    assert profiles.find("demo1m", "alice") == ALICE


def test_a_profile_that_is_there_is_not_created_again(profiles: Profiles) -> None:
    profiles.put(ALICE)
    assert not profiles.replace(None, replace(ALICE, password_hash=None))
    assert profiles.find("demo1m", "alice") == ALICE


def test_a_profile_is_changed_while_it_is_as_it_was_seen(profiles: Profiles) -> None:
    profiles.put(ALICE)
    changed = replace(ALICE, display_name="Al", updated_at=2)
    assert profiles.replace(ALICE, changed)
    assert profiles.find("demo1m", "alice") == changed


@pytest.mark.parametrize(
    "meanwhile",
    [
        replace(ALICE, status=Status.INACTIVE),
        replace(ALICE, session_version="v2"),
        replace(ALICE, display_name="Al"),
        replace(ALICE, updated_at=2),
    ],
)
def test_a_profile_that_changed_meanwhile_is_left_alone(profiles: Profiles, meanwhile: Subscriber) -> None:
    profiles.put(meanwhile)
    assert not profiles.replace(ALICE, replace(ALICE, display_name="Mine", updated_at=3))
    assert profiles.find("demo1m", "alice") == meanwhile


def test_a_profile_that_was_deleted_meanwhile_does_not_come_back(profiles: Profiles) -> None:
    assert not profiles.replace(ALICE, replace(ALICE, display_name="Al"))
    assert profiles.find("demo1m", "alice") is None
