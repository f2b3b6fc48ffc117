"""What every implementation of ports.login.FamiliarOrigins does: the fake, and DynamoDB in moto."""

from collections.abc import Iterator

import pytest

from switchboard.rate_limits.familiar_origins import DynamoFamiliarOrigins
from switchboard.rate_limits.ports import FamiliarOrigins
from switchboard.subscribers.dynamodb import DynamoSubscribers
from tests.contract.subscribers.stores import TABLE, dynamodb_client, subscriber
from tests.fakes.identity import FakeFamiliarOrigins


@pytest.fixture(params=["fake", "dynamodb"])
def origins(request: pytest.FixtureRequest) -> Iterator[FamiliarOrigins]:
    if request.param == "fake":
        yield FakeFamiliarOrigins()
        return
    with dynamodb_client() as client:
        yield DynamoFamiliarOrigins(client, TABLE)


def test_origins_are_remembered_for_one_subscriber_of_one_account(origins: FamiliarOrigins) -> None:
    origins.remember("demo1m", "alice", ["device#1", "address#1"], [], 5_000)
    assert origins.of("demo1m", "alice") == {"device#1": 5_000, "address#1": 5_000}
    assert origins.of("demo1m", "bob") == {}
    assert origins.of("other1m", "alice") == {}


def test_what_is_remembered_again_is_kept_for_longer_and_what_is_forgotten_is_gone(origins: FamiliarOrigins) -> None:
    origins.remember("demo1m", "alice", ["device#1", "device#2", "address#1"], [], 5_000)
    origins.remember("demo1m", "alice", ["device#1"], ["device#2"], 9_000)
    assert origins.of("demo1m", "alice") == {"device#1": 9_000, "address#1": 5_000}


def test_dynamodb_deletes_what_nobody_has_used_for_long_by_itself() -> None:
    with dynamodb_client() as client:
        familiar = DynamoFamiliarOrigins(client, TABLE)
        familiar.remember("demo1m", "alice", ["device#1"], [], 5_000)
        familiar.remember("demo1m", "alice", ["address#1"], [], 6_000)
        (item,) = client.scan(TableName=TABLE)["Items"]
    assert item["expires_at"] == {"N": "6000"}


def test_a_deleted_subscriber_has_no_familiar_origins() -> None:
    with dynamodb_client() as client:
        subscribers, familiar = DynamoSubscribers(client, TABLE), DynamoFamiliarOrigins(client, TABLE)
        subscribers.put(subscriber())
        familiar.remember("demo1m", "alice", ["device#1"], [], 5_000)
        subscribers.delete("demo1m", "alice", 0)
        assert familiar.of("demo1m", "alice") == {}
