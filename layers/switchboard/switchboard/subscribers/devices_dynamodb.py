"""Devices in DynamoDB. Each token also has an owner item with its subscriber; one transaction writes both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from switchboard.aws.partition import items_of
from switchboard.subscribers.callee import Callee
from switchboard.subscribers.items import DEVICE_PREFIX, device_in, device_key, owner_key
from switchboard.subscribers.status import Status
from switchboard.subscribers.status_dynamodb import PROFILE
from switchboard.subscribers.subscriber import Device
from switchboard.subscribers.token_moves import registration, removal

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import QueryInputTypeDef, UniversalAttributeValueTypeDef

    from switchboard.subscribers.token_moves import Writes

_TRIES = 5  # two phones that exchange tokens need two
_CONFLICT = "TransactionConflict"  # DynamoDB: another write to the same item is under way
_CONDITION = "ConditionalCheckFailed"
# Of the profile only the status is read, since its contact lists can have 60 KB. The first two are reserved words.
_NAMES = {"#status": "status", "#token": "token"}
_WANTED = (
    "sk, #status, session_version, #token, token_type, platform, device_id, phone, "
    "registered_at, disabled_reason, accepted_at, apns_environment, bundle_id, guessed, knows"
)


class DynamoDevices:
    """The phones of a subscriber, in the subscriber's partition of the Subscribers table."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def of(self, account: str, name: str) -> Sequence[Device]:
        """Return all devices, disabled ones included, read consistently."""
        return self.callee(account, name).devices

    def callee(self, account: str, name: str) -> Callee:
        """Return the subscriber's status and all devices, with one consistent query of adjacent sort keys."""
        query: QueryInputTypeDef = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk AND sk BETWEEN :first AND :last",
            "ExpressionAttributeValues": {
                ":pk": {"S": f"{account}#{name}"},
                ":first": {"S": DEVICE_PREFIX},
                ":last": {"S": PROFILE},
            },
            "ExpressionAttributeNames": _NAMES,
            "ProjectionExpression": _WANTED,
            "ConsistentRead": True,
        }
        items = list(items_of(self._client, query))
        profile = items.pop() if items and items[-1]["sk"]["S"] == PROFILE else None
        devices = [device_in(item) for item in items]
        if profile is None:
            return Callee(None, "", devices)
        return Callee(Status(profile["status"]["S"]), profile["session_version"]["S"], devices)

    def register(self, account: str, name: str, device: Device) -> None:
        """Store the device for its new owner and remove it from the former one, in one transaction."""

        def writes() -> Writes:
            return registration(self._table, account, name, device, former=self._owner(account, device.key))

        self._write(writes, again_on={_CONDITION, _CONFLICT})

    def remove(self, account: str, name: str, key: str, *, registered_at: int | None = None) -> bool:
        """Remove a device and its token's owner item; with `registered_at`, only if it was not registered again since.

        Returns whether there was such a device.
        """
        writes = removal(self._table, account, name, key, registered_at)
        return self._write(lambda: writes, again_on={_CONFLICT})

    def disable(self, account: str, name: str, key: str, reason: str, *, registered_at: int) -> None:
        """Disable the device, unless it was registered again since."""
        try:
            self._client.update_item(
                TableName=self._table,
                Key=device_key(account, name, key),
                UpdateExpression="SET disabled_reason = :reason",
                ConditionExpression="registered_at = :registered_at",
                ExpressionAttributeValues={":reason": {"S": reason}, ":registered_at": {"N": str(registered_at)}},
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return

    def accepted(self, account: str, name: str, device: Device, at: int, *, before: int) -> None:
        """Store that a push was accepted at `at`, unless one was accepted after `before` (both in milliseconds)."""
        try:
            self._client.update_item(
                TableName=self._table,
                Key=device_key(account, name, device.key),
                UpdateExpression="SET accepted_at = :at",
                ConditionExpression="registered_at = :registered_at"
                " AND (attribute_not_exists(accepted_at) OR accepted_at <= :before)",
                ExpressionAttributeValues={
                    ":at": {"N": str(at)},
                    ":registered_at": {"N": str(device.registered_at)},
                    ":before": {"N": str(before)},
                },
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return

    def learned(self, account: str, name: str, device: Device) -> None:
        """Store the token type and the environment, unless the device was registered again since."""
        values: dict[str, UniversalAttributeValueTypeDef] = {
            ":type": {"S": device.token_type},
            ":registered_at": {"N": str(device.registered_at)},
        }
        update = "SET token_type = :type"
        if device.environment is not None:
            update += ", apns_environment = :environment"
            values[":environment"] = {"S": device.environment}
        with suppress(self._client.exceptions.ConditionalCheckFailedException):
            self._client.update_item(
                TableName=self._table,
                Key=device_key(account, name, device.key),
                UpdateExpression=update + ("" if device.guessed else " REMOVE guessed"),
                ConditionExpression="registered_at = :registered_at",
                ExpressionAttributeValues=values,
            )

    def _owner(self, account: str, key: str) -> str | None:
        answer = self._client.get_item(TableName=self._table, Key=owner_key(account, key), ConsistentRead=True)
        return answer["Item"]["subscriber"]["S"] if "Item" in answer else None

    def _write(self, writes: Callable[[], Writes], again_on: set[str], tries: int = _TRIES) -> bool:
        """Run the transaction that `writes` returns, again after a conflict; return False if a condition fails."""
        transaction = writes()
        try:
            self._client.transact_write_items(TransactItems=transaction)
        except self._client.exceptions.TransactionCanceledException as refusal:
            reasons = _reasons(cast("Mapping[str, Any]", refusal.response))
            if reasons == {_CONDITION} and _CONDITION not in again_on:
                return False
            if tries == 1 or not reasons <= again_on:
                raise
        else:
            return True
        return self._write(writes, again_on, tries - 1)


def _reasons(response: Mapping[str, Any]) -> set[str]:
    reasons = response.get("CancellationReasons", [])
    return {reason.get("Code", "") for reason in reasons} - {"None"}
