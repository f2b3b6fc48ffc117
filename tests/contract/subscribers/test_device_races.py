"""DynamoDevices and DynamoSubscribers with concurrent writes, and with incomplete answers of DynamoDB."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest
from types_boto3_dynamodb import DynamoDBClient

from switchboard.aws.errors import ClientError
from switchboard.foundation.errors import UnavailableError
from switchboard.subscribers.devices_dynamodb import DynamoDevices
from switchboard.subscribers.dynamodb import DynamoSubscribers
from switchboard.subscribers.ended_sessions import end_session
from switchboard.subscribers.subscriber import Device, TokenType
from tests.contract.subscribers.stores import TABLE, dynamodb_client, subscriber
from tests.fakes.dynamodb_clients import cancelled, interrupted, short

PHONE = Device("phone-token", TokenType.FCM, 1700000000123)


@pytest.fixture
def client() -> Iterator[DynamoDBClient]:
    with dynamodb_client() as client:
        yield client


def test_a_token_that_another_takes_meanwhile_is_taken_from_that_one(client: DynamoDBClient) -> None:
    store = DynamoDevices(client, TABLE)
    racing = interrupted(
        client,
        "transact_write_items",
        lambda: store.register("demo1m", "bob", PHONE),
        lambda: store.register("demo1m", "carol", PHONE),
        lambda: store.remove("demo1m", "carol", PHONE.key),
    )
    DynamoDevices(racing, TABLE).register("demo1m", "alice", PHONE)
    assert [len(store.of("demo1m", name)) for name in ("alice", "bob", "carol")] == [1, 0, 0]


def test_a_registration_that_loses_every_race_fails_without_a_trace(client: DynamoDBClient) -> None:
    store = DynamoDevices(client, TABLE)
    rivals = [partial(store.register, "demo1m", name, PHONE) for name in ("a", "b", "c", "d", "e")]
    racing = interrupted(client, "transact_write_items", *rivals)
    with pytest.raises(ClientError, match="TransactWriteItems"):
        DynamoDevices(racing, TABLE).register("demo1m", "alice", PHONE)
    assert [len(store.of("demo1m", name)) for name in ("alice", "d", "e")] == [0, 0, 1]


@pytest.mark.parametrize("codes", [("TransactionConflict", "None"), ("None", "TransactionConflict", "None")])
def test_a_write_that_meets_another_under_way_is_tried_again(client: DynamoDBClient, codes: tuple[str, ...]) -> None:
    busy = cancelled(client, *codes)
    store = DynamoDevices(interrupted(client, "transact_write_items", busy, busy), TABLE)
    store.register("demo1m", "alice", PHONE)
    assert store.of("demo1m", "alice") == [PHONE]


def test_a_removal_that_meets_another_write_is_tried_again(client: DynamoDBClient) -> None:
    store = DynamoDevices(client, TABLE)
    store.register("demo1m", "alice", PHONE)
    busy = interrupted(client, "transact_write_items", cancelled(client, "TransactionConflict"))
    assert DynamoDevices(busy, TABLE).remove("demo1m", "alice", PHONE.key)
    assert store.of("demo1m", "alice") == []


def test_a_removal_after_the_token_went_to_another_leaves_it_there(client: DynamoDBClient) -> None:
    store = DynamoDevices(client, TABLE)
    store.register("demo1m", "alice", PHONE)
    moved = interrupted(client, "transact_write_items", lambda: store.register("demo1m", "bob", PHONE))
    assert not DynamoDevices(moved, TABLE).remove("demo1m", "alice", PHONE.key)
    assert store.of("demo1m", "bob") == [PHONE]


def test_any_other_refusal_goes_up(client: DynamoDBClient) -> None:
    refusing = interrupted(client, "transact_write_items", cancelled(client, "ThrottlingError"))
    with pytest.raises(ClientError):
        DynamoDevices(refusing, TABLE).register("demo1m", "alice", PHONE)


def test_a_device_registered_while_its_subscriber_is_deleted_goes_too(client: DynamoDBClient) -> None:
    store = DynamoDevices(client, TABLE)
    late = interrupted(client, "delete_item", lambda: store.register("demo1m", "alice", PHONE))
    DynamoSubscribers(late, TABLE).put(subscriber())
    DynamoSubscribers(late, TABLE).delete("demo1m", "alice", 0)
    assert store.of("demo1m", "alice") == []


def test_devices_beyond_a_page_are_found(client: DynamoDBClient) -> None:
    store = DynamoDevices(short(client), TABLE)
    for number in range(5):
        store.register("demo1m", "alice", replace(PHONE, token=f"token-{number}"))
    assert len(store.of("demo1m", "alice")) == 5


def test_a_logout_that_meets_another_change_is_tried_again_on_the_changed_profile(client: DynamoDBClient) -> None:
    store = DynamoSubscribers(client, TABLE)
    store.put(subscriber())
    renamed = replace(subscriber(), display_name="Other")
    racing = interrupted(client, "put_item", lambda: store.put(renamed))
    end_session(DynamoSubscribers(racing, TABLE), "demo1m", "alice", ("one", 5000), now=1, new_version=lambda: "v2")
    assert store.find("demo1m", "alice") == replace(renamed, ended_sessions=(("one", 5000),))


def test_a_logout_that_loses_every_race_says_that_the_session_may_still_be_valid(client: DynamoDBClient) -> None:
    store = DynamoSubscribers(client, TABLE)
    store.put(subscriber())
    rivals = [partial(store.put, replace(subscriber(), display_name=f"Name {n}")) for n in range(5)]
    racing = DynamoSubscribers(interrupted(client, "put_item", *rivals), TABLE)
    with pytest.raises(UnavailableError):
        end_session(racing, "demo1m", "alice", ("one", 5000), now=1, new_version=lambda: "v2")
