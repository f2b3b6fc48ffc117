"""Reads when profiles were created. A module of its own, so that what follows calls imports no profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import batched
from typing import TYPE_CHECKING, Any

from switchboard.foundation.errors import UnavailableError
from switchboard.subscribers.status_dynamodb import item_key

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

MOST = 100  # keys of one BatchGetItem


class DynamoGenerations:
    """Implements Generations: a request for each hundred profiles."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def generations(self, users: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], int]:
        """Read them consistently. Raises UnavailableError where DynamoDB leaves some out."""
        found: dict[tuple[str, str], int] = {}
        for some in batched(dict.fromkeys(users), MOST, strict=False):
            wanted: Any = {"Keys": [item_key(*user) for user in some], "ConsistentRead": True}
            wanted |= {"ProjectionExpression": "pk, generation"}
            answer = self._client.batch_get_item(RequestItems={self._table: wanted})
            if answer.get("UnprocessedKeys"):
                raise UnavailableError("unavailable", f"{self._table} did not return all items: try again")
            for item in answer["Responses"].get(self._table, []):
                account, _, name = item["pk"]["S"].partition("#")
                found[account, name] = int(item["generation"]["N"])
        return found
