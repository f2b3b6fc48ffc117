"""DynamoDB clients with concurrent writes and incomplete answers."""

from collections.abc import Callable
from typing import Any, cast

from types_boto3_dynamodb import DynamoDBClient
from types_boto3_dynamodb.type_defs import KeysAndAttributesTypeDef

from tests.contract.subscribers.stores import TABLE


class InterruptedClient:
    """A DynamoDB client that runs another action before its next calls of one operation."""

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


def cancelled(client: DynamoDBClient, *codes: str) -> Callable[[], None]:
    def refuse() -> None:
        error: Any = {
            "Error": {"Code": "TransactionCanceledException"},
            "CancellationReasons": [{"Code": c} for c in codes],
        }
        raise client.exceptions.TransactionCanceledException(error, "TransactWriteItems")

    return refuse
