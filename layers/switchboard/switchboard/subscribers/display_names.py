"""Reads a subscriber's display name. A module of its own, so that delivery imports no profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from switchboard.subscribers.status_dynamodb import PROFILE

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class DynamoDisplayNames:
    """Implements DisplayNames, eventually consistent. A Query, because deliver_push's role allows no other read."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def display_name(self, account: str, name: str) -> str | None:
        """Return the subscriber's display name, or None for an unknown name."""
        answer = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND sk = :sk",
            ExpressionAttributeValues={":pk": {"S": f"{account}#{name}"}, ":sk": {"S": PROFILE}},
            ProjectionExpression="display_name",
        )
        found = answer["Items"]
        return found[0]["display_name"]["S"] if found and "display_name" in found[0] else None
