"""Rate limits in DynamoDB: counters with atomic updates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from switchboard.rate_limits.limits import Limit, Reserved

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import UniversalAttributeValueTypeDef

    type Key = dict[str, UniversalAttributeValueTypeDef]


class DynamoRateLimits:
    """Implements RateLimits on the RateLimits table.

    A counter has `attempts` (in progress and failed) and `failed`.
    """

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def reserve(self, limit: Limit, expires_at: int) -> Reserved:
        """Count one attempt in advance, unless the limit is reached."""
        try:
            self._client.update_item(
                TableName=self._table,
                Key=_key(limit.key),
                UpdateExpression="ADD attempts :one SET expires_at = :expires_at",
                ConditionExpression="attribute_not_exists(attempts) OR attempts < :most",
                ExpressionAttributeValues={
                    ":one": {"N": "1"},
                    ":most": {"N": str(limit.at_most)},
                    ":expires_at": {"N": str(expires_at)},
                },
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._client.exceptions.ConditionalCheckFailedException as refused:
            return Reserved.FULL if _failed(refused.response) >= limit.at_most else Reserved.BUSY
        return Reserved.TAKEN

    def release(self, key: str) -> None:
        """Subtract an attempt that did not fail; do nothing if the counter has expired."""
        try:
            self._client.update_item(
                TableName=self._table,
                Key=_key(key),
                UpdateExpression="ADD attempts :less",
                ConditionExpression="attempts > :none",
                ExpressionAttributeValues={":less": {"N": "-1"}, ":none": {"N": "0"}},
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return

    def count_failure(self, key: str) -> None:
        """Record that a reserved attempt failed."""
        self._client.update_item(
            TableName=self._table,
            Key=_key(key),
            UpdateExpression="ADD failed :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )


def _failed(refusal: Mapping[str, Any]) -> int:
    """Return the number of failures in the counter that refused the attempt."""
    return int(refusal.get("Item", {}).get("failed", {"N": "0"})["N"])


def _key(key: str) -> Key:
    return {"pk": {"S": key}}
