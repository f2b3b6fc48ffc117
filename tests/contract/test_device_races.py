"""What DynamoDevices and DynamoSubscribers do when somebody else writes at the same moment, or DynamoDB is short."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError
from types_boto3_dynamodb import DynamoDBClient
from types_boto3_dynamodb.type_defs import KeysAndAttributesTypeDef

from switchboard.adapters.devices import DynamoDevices
from switchboard.adapters.subscribers import DynamoSubscribers
from switchboard.domain.errors import UnavailableError
from switchboard.domain.subscribers import Device, TokenType
from tests.contract.subscriber_stores import TABLE, dynamodb_client, subscriber

PHONE = Device("phone-token", TokenType.FCM, 1700000000123)


class InterruptedClient:
    """A DynamoDB client before whose next calls of one operation something else happens first."""

    def __init__(self, client: DynamoDBClient, operation: str, interruptions: list[Callable[[], object]]) -> None:
        self._client = client
        self._operation = operation
        self._interruptions = interruptions

    def __getattr__(self, name: str) -> object:
        if name == self._operation and self._interruptions:
            self._interruptions.pop(0)()
        return getattr(self._client, name)


class ShortClient:
    """A DynamoDB client with pages of two items, which `times` times leaves the last key of a batch for later."""

    def __init__(self, client: DynamoDBClient, times: int = 0) -> None:
        self._client = client
        self._times = times

    def __getattr__(self, name: str) -> object:
        return getattr(self._client, name)

    def query(self, **query: object) -> object:
        return self._client.query(**query, Limit=2)  # type: ignore[arg-type]

    def batch_get_item(self, RequestItems: dict[str, KeysAndAttributesTypeDef]) -> object:  # noqa: N803
        if not self._times:
            return self._client.batch_get_item(RequestItems=RequestItems)
        self._times -= 1
        *asked, left = RequestItems[TABLE]["Keys"]
        unprocessed = {TABLE: {"Keys": [left]}}
        if not asked:
            return {"Responses": {}, "UnprocessedKeys": unprocessed}
        found = self._client.batch_get_item(RequestItems={TABLE: {"Keys": asked, "ConsistentRead": True}})
        return {"Responses": found["Responses"], "UnprocessedKeys": unprocessed}


def interrupted(client: DynamoDBClient, operation: str, *interruptions: Callable[[], object]) -> DynamoDBClient:
    return cast("DynamoDBClient", InterruptedClient(client, operation, list(interruptions)))


def short(client: DynamoDBClient, times: int = 0) -> DynamoDBClient:
    return cast("DynamoDBClient", ShortClient(client, times))


@pytest.fixture
def client() -> Iterator[DynamoDBClient]:
    with dynamodb_client() as client:
        yield client


def cancelled(client: DynamoDBClient, *codes: str) -> Callable[[], None]:
    def refuse() -> None:
        error: Any = {
            "Error": {"Code": "TransactionCanceledException"},
            "CancellationReasons": [{"Code": c} for c in codes],
        }
        raise client.exceptions.TransactionCanceledException(error, "TransactWriteItems")

    return refuse


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
    DynamoSubscribers(late, TABLE).delete("demo1m", "alice")
    assert store.of("demo1m", "alice") == []


def test_devices_beyond_a_page_are_found(client: DynamoDBClient) -> None:
    store = DynamoDevices(short(client), TABLE)
    for number in range(5):
        store.register("demo1m", "alice", replace(PHONE, token=f"token-{number}"))
    assert len(store.of("demo1m", "alice")) == 5


def test_a_session_check_asks_again_for_what_a_batch_left_out(client: DynamoDBClient) -> None:
    store = DynamoSubscribers(client, TABLE)
    store.put(subscriber())
    store.end_session("demo1m", "alice", "one", 1700009999)
    assert DynamoSubscribers(short(client, 1), TABLE).find_session("demo1m", "alice", "one") == (
        subscriber(),
        True,
    )


def test_a_session_is_not_taken_as_alive_when_half_the_answer_is_missing(client: DynamoDBClient) -> None:
    with pytest.raises(UnavailableError):
        DynamoSubscribers(short(client, 3), TABLE).find_session("demo1m", "alice", "one")
