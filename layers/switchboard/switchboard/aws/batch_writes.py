"""Writes items of a DynamoDB table in batches."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import batched
from typing import TYPE_CHECKING, Any

from switchboard.foundation.errors import UnavailableError

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

MOST = 25  # requests of one BatchWriteItem
_TRIES = 3  # for items that DynamoDB leaves unprocessed


def write_all(client: DynamoDBClient, table: str, requests: Sequence[Any]) -> None:
    """Put and delete all of them. Raises UnavailableError where DynamoDB leaves items unprocessed again and again."""
    for some in batched(requests, MOST, strict=False):
        left: Any = list(some)
        for _ in range(_TRIES):
            if left:
                left = client.batch_write_item(RequestItems={table: left})["UnprocessedItems"].get(table, [])
        if left:
            raise UnavailableError("unavailable", f"{table} did not take all items; try again", retry_after=1)
