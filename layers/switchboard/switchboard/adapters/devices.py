"""Devices in DynamoDB. Each token has one item that says whose it is, and every write keeps both in step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from switchboard.adapters.partition import items_of
from switchboard.adapters.subscriber_items import DEVICE_PREFIX, device_in, device_key, owner_key
from switchboard.adapters.token_moves import registration, removal
from switchboard.domain.subscribers import Device

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import QueryInputTypeDef

    from switchboard.adapters.token_moves import Writes

_TRIES = 5  # two phones that swap tokens settle at the second try; more means something else is wrong
_CONFLICT = "TransactionConflict"  # DynamoDB: another write to the same item is under way
_CONDITION = "ConditionalCheckFailed"


class DynamoDevices:
    """The phones of a subscriber, in the subscriber's partition of the Subscribers table."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def of(self, account: str, name: str) -> Sequence[Device]:
        """Return all devices, those set aside too, as they are at this moment."""
        query: QueryInputTypeDef = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk AND begins_with(sk, :devices)",
            "ExpressionAttributeValues": {":pk": {"S": f"{account}#{name}"}, ":devices": {"S": DEVICE_PREFIX}},
            "ConsistentRead": True,
        }
        return [device_in(item) for item in items_of(self._client, query)]

    def register(self, account: str, name: str, device: Device) -> None:
        """Store the device under its new owner and take its token from the former one, in one transaction."""

        def writes() -> Writes:
            return registration(self._table, account, name, device, former=self._owner(account, device.key))

        self._write(writes, again_on={_CONDITION, _CONFLICT})

    def remove(self, account: str, name: str, key: str, *, registered_at: int | None = None) -> bool:
        """Remove a device and its token's owner item; with `registered_at`, only if it is still that registration.

        Returns whether there was such a device.
        """
        writes = removal(self._table, account, name, key, registered_at)
        return self._write(lambda: writes, again_on={_CONFLICT})

    def set_aside(self, account: str, name: str, key: str, reason: str, *, registered_at: int) -> None:
        """Keep the device but send nothing more to it, unless it was registered anew meanwhile."""
        try:
            self._client.update_item(
                TableName=self._table,
                Key=device_key(account, name, key),
                UpdateExpression="SET set_aside = :reason",
                ConditionExpression="registered_at = :registered_at",
                ExpressionAttributeValues={":reason": {"S": reason}, ":registered_at": {"N": str(registered_at)}},
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return

    def _owner(self, account: str, key: str) -> str | None:
        answer = self._client.get_item(TableName=self._table, Key=owner_key(account, key), ConsistentRead=True)
        return answer["Item"]["subscriber"]["S"] if "Item" in answer else None

    def _write(self, writes: Callable[[], Writes], again_on: set[str], tries: int = _TRIES) -> bool:
        """Run the transaction that `writes` makes, anew after a lost race; False where a condition does not hold."""
        transaction = writes()
        try:
            self._client.transact_write_items(TransactItems=transaction)
        except self._client.exceptions.TransactionCanceledException as refusal:
            reasons = _reasons(refusal)
            if reasons == {_CONDITION} and _CONDITION not in again_on:
                return False
            if tries == 1 or not reasons <= again_on:
                raise
        else:
            return True
        return self._write(writes, again_on, tries - 1)


def _reasons(refusal: ClientError) -> set[str]:
    reasons = refusal.response.get("CancellationReasons", [])
    return {reason.get("Code", "") for reason in reasons} - {"None"}
