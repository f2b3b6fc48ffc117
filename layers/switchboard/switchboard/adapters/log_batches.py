"""Batches of log lines in S3, and how many of them a subscriber may send."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

from switchboard.adapters.timeline_items import key as item_key

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_s3 import S3Client


class S3LogBatches:
    """Implements log_ports.LogBatches on the log bucket."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, key: str, content: bytes) -> None:
        """Store one batch, gzipped; the ending of its name says so, no header, so that tools leave it packed."""
        packed = gzip.compress(content, mtime=0)
        self._client.put_object(Bucket=self._bucket, Key=key, Body=packed, ContentType="application/gzip")


class DynamoLogRate:
    """Implements log_ports.RateLimit on the Calls table: a counter for each subscriber and window."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def take(self, account: str, name: str, at_most: int, window: int, expires_at: int) -> bool:
        """Count once more, in one step."""
        try:
            self._client.update_item(
                TableName=self._table,
                Key=item_key(account, f"rate:{name}", f"logs#{window}"),
                UpdateExpression="ADD batches :one SET expires_at = :expires_at",
                ConditionExpression="attribute_not_exists(batches) OR batches < :most",
                ExpressionAttributeValues={
                    ":one": {"N": "1"},
                    ":most": {"N": str(at_most)},
                    ":expires_at": {"N": str(expires_at)},
                },
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True
