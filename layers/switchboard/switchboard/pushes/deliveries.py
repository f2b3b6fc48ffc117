"""The deliveries of pushes in DynamoDB: one item per push, leased by a conditional write."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from switchboard.pushes.missed_call import Pushed

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import UniversalAttributeValueTypeDef

_LEASE = "SET lease_until = :lease, holder = :holder"
_OURS = "holder = :holder"  # a retry by botocore after a lost response must not fail because of its own first write
_FREE = f"(rings_until > :accepted AND lease_until <= :now) OR {_OURS}"
_NEW = f"attribute_not_exists(pk) OR (rings_until <= :accepted AND lease_until <= :now) OR {_OURS}"
_MARK = "ADD accepted :device"
_END = "SET lease_until = :lease"
_KEPT_SECONDS = 60  # longer than the delivery of any push that was accepted while this one rang


class DynamoDeliveries:
    """Implements Deliveries on the Deliveries table."""

    def __init__(
        self, client: DynamoDBClient, table: str, new_holder: Callable[[], str] = lambda: uuid.uuid4().hex
    ) -> None:
        self._client = client
        self._table = table
        self._new_holder = new_holder

    def begin(self, push: Pushed, *, now_ms: int, lease_ms: int, known_until_ms: int) -> Collection[str] | None:
        """Lease the push as a new one, or else as a known one without a lease."""
        values = {
            ":lease": _number(now_ms + lease_ms),
            ":accepted": _number(push.accepted_at),
            ":now": _number(now_ms),
            ":holder": {"S": self._new_holder()},
        }
        new = values | {
            ":rings_until": _number(known_until_ms),
            ":expires_at": _number(known_until_ms // 1000 + _KEPT_SECONDS),
        }
        update = f"{_LEASE}, rings_until = :rings_until, expires_at = :expires_at REMOVE accepted"
        settled = self._lease(push, update, _NEW, new)
        if settled is None:
            settled = self._lease(push, _LEASE, _FREE, values)
        return settled

    def mark(self, push: Pushed, device_key: str, *, last: bool = False) -> None:
        """Add the device to those that need no further send of this push; the last mark releases the lease as well."""
        device: dict[str, UniversalAttributeValueTypeDef] = {":device": {"SS": [device_key]}}
        if last:
            self._update(push, f"{_MARK} {_END}", device | {":lease": _number(0)})
        else:
            self._update(push, _MARK, device)

    def end(self, push: Pushed) -> None:
        """Release the lease."""
        self._update(push, _END, {":lease": _number(0)})

    def _update(self, push: Pushed, expression: str, values: dict[str, UniversalAttributeValueTypeDef]) -> None:
        self._client.update_item(
            TableName=self._table,
            Key={"pk": {"S": push.key}},
            UpdateExpression=expression,
            ExpressionAttributeValues=values,
        )

    def _lease(
        self, push: Pushed, expression: str, condition: str, values: dict[str, UniversalAttributeValueTypeDef]
    ) -> Collection[str] | None:
        try:
            answer = self._client.update_item(
                TableName=self._table,
                Key={"pk": {"S": push.key}},
                UpdateExpression=expression,
                ConditionExpression=condition,
                ExpressionAttributeValues=values,
                ReturnValues="ALL_NEW",
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return None
        return frozenset(answer["Attributes"].get("accepted", {}).get("SS", ()))


def _number(value: int) -> UniversalAttributeValueTypeDef:
    return {"N": str(value)}
