"""Reads a subscriber's status. A module of its own because each import delays Dial Whom's cold start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from switchboard.subscribers.status import Status

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import UniversalAttributeValueTypeDef

PROFILE = "profile"


def item_key(account: str, name: str, sort: str = PROFILE) -> dict[str, UniversalAttributeValueTypeDef]:
    """Return the key of one item in the subscriber's partition."""
    return {"pk": {"S": f"{account}#{name}"}, "sk": {"S": sort}}


class DynamoSubscriberStatus:
    """Reads one attribute of the profile, eventually consistent (about a second), at half the price."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def status(self, account: str, name: str) -> Status | None:
        """Return the subscriber's status, or None for an unknown name."""
        answer = self._client.get_item(
            TableName=self._table,
            Key=item_key(account, name),
            ProjectionExpression="#status",
            ExpressionAttributeNames={"#status": "status"},
        )
        item = answer.get("Item")
        return Status(item["status"]["S"]) if item else None
