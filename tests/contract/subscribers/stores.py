"""The stores of subscribers and devices, as fakes and on moto, for one suite to run on both."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pytest
from types_boto3_dynamodb import DynamoDBClient

from switchboard.subscribers.devices_dynamodb import DynamoDevices
from switchboard.subscribers.dynamodb import DynamoSubscribers
from switchboard.subscribers.ports import Devices, Profiles
from switchboard.subscribers.subscriber import Device, Status, Subscriber, TokenType
from tests.fakes.moto_wire import moto_client
from tests.fakes.subscribers import FakeDevices, FakeSubscribers
from tests.tables import create_tables

TABLE = "SubscribersTable"


class Stores(NamedTuple):
    subscribers: Profiles
    devices: Devices


@contextmanager
def dynamodb_client() -> Iterator[DynamoDBClient]:
    """Yield a DynamoDB client of moto's, with the table in place."""
    with moto_client("dynamodb") as client:
        create_tables(client)
        yield client


@pytest.fixture
def dynamodb_stores() -> Iterator[Stores]:
    with dynamodb_client() as client:
        yield Stores(DynamoSubscribers(client, TABLE), DynamoDevices(client, TABLE))


@pytest.fixture(params=["fake", "dynamodb"])
def stores(request: pytest.FixtureRequest) -> Iterator[Stores]:
    if request.param == "dynamodb":
        yield request.getfixturevalue("dynamodb_stores")
    else:
        devices = FakeDevices()
        yield Stores(FakeSubscribers(devices), devices)


def subscriber(name: str = "alice", account: str = "demo1m") -> Subscriber:
    return Subscriber(
        account=account,
        name=name,
        status=Status.ACTIVE,
        session_version="v1",
        display_name=name.title(),
        created_at=1700000000,
        updated_at=1700000001,
    )


PHONE = Device("phone-token", TokenType.FCM, 1700000000123)
