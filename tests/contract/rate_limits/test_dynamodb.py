"""What every implementation of ports.login.RateLimits does: the fake, and DynamoDB in moto."""

from collections.abc import Iterator

import pytest

from switchboard.rate_limits.dynamodb import DynamoRateLimits
from switchboard.rate_limits.limits import Limit, Reserved
from switchboard.rate_limits.ports import RateLimits
from tests.deployment import deployed
from tests.fakes.identity import FakeRateLimits

TWO = Limit("user#1", 2)


@pytest.fixture(params=["fake", "dynamodb"])
def attempts(request: pytest.FixtureRequest) -> Iterator[RateLimits]:
    if request.param == "fake":
        yield FakeRateLimits()
        return
    with deployed() as deployment:
        yield DynamoRateLimits(deployment.client("dynamodb"), deployment.reference("RateLimitsTable"))


def test_a_limit_leaves_room_for_so_many_attempts(attempts: RateLimits) -> None:
    assert [attempts.reserve(TWO, 900) for _ in range(3)] == [Reserved.TAKEN, Reserved.TAKEN, Reserved.BUSY]
    assert attempts.reserve(Limit("user#2", 2), 900) is Reserved.TAKEN


def test_a_limit_is_full_once_the_failures_reach_it(attempts: RateLimits) -> None:
    for _ in range(2):
        attempts.reserve(TWO, 900)
    attempts.count_failure(TWO.key)
    assert attempts.reserve(TWO, 900) is Reserved.BUSY
    attempts.count_failure(TWO.key)
    assert attempts.reserve(TWO, 900) is Reserved.FULL


def test_an_attempt_given_back_leaves_room_again(attempts: RateLimits) -> None:
    for _ in range(2):
        attempts.reserve(TWO, 900)
    attempts.release(TWO.key)
    assert [attempts.reserve(TWO, 900) for _ in range(2)] == [Reserved.TAKEN, Reserved.BUSY]


def test_giving_back_what_was_never_taken_makes_no_room(attempts: RateLimits) -> None:
    attempts.release(TWO.key)
    assert [attempts.reserve(TWO, 900) for _ in range(3)] == [Reserved.TAKEN, Reserved.TAKEN, Reserved.BUSY]


def test_dynamodb_deletes_counters_by_itself() -> None:
    with deployed() as deployment:
        client, table = deployment.client("dynamodb"), deployment.reference("RateLimitsTable")
        attempts = DynamoRateLimits(client, table)
        attempts.reserve(TWO, 900)
        items = {item["pk"]["S"]: item["expires_at"]["N"] for item in client.scan(TableName=table)["Items"]}
    assert items == {"user#1": "900"}
