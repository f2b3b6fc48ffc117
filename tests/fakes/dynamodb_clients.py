"""DynamoDB clients with concurrent writes and incomplete answers."""

from collections.abc import Callable
from typing import Any, cast

from types_boto3_dynamodb import DynamoDBClient


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
    """A DynamoDB client with pages of two items."""

    def __init__(self, client: DynamoDBClient) -> None:
        self._client = client

    def __getattr__(self, name: str) -> object:
        return getattr(self._client, name)

    def query(self, **query: object) -> object:
        return self._client.query(**query, Limit=2)  # type: ignore[arg-type]


def interrupted(client: DynamoDBClient, operation: str, *interruptions: Callable[[], object]) -> DynamoDBClient:
    return cast("DynamoDBClient", InterruptedClient(client, operation, list(interruptions)))


def short(client: DynamoDBClient) -> DynamoDBClient:
    return cast("DynamoDBClient", ShortClient(client))


def cancelled(client: DynamoDBClient, *codes: str) -> Callable[[], None]:
    def refuse() -> None:
        error: Any = {
            "Error": {"Code": "TransactionCanceledException"},
            "CancellationReasons": [{"Code": c} for c in codes],
        }
        raise client.exceptions.TransactionCanceledException(error, "TransactWriteItems")

    return refuse
