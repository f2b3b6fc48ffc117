"""The transactions that write a device together with its token's owner item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from switchboard.subscribers.items import device_item, device_key, owner_key
from switchboard.subscribers.subscriber import Device

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import DeleteTypeDef, PutTypeDef, TransactWriteItemTypeDef

    type Writes = list[TransactWriteItemTypeDef]


def registration(table: str, account: str, name: str, device: Device, former: str | None) -> Writes:
    """Return the writes that register `device` for `name`, if its token still belongs to `former` (None: to nobody)."""
    owner: PutTypeDef = {
        "TableName": table,
        "Item": owner_key(account, device.key) | {"subscriber": {"S": name}},
        "ConditionExpression": "attribute_not_exists(pk)",
    }
    if former is not None:
        owner["ConditionExpression"] = "subscriber = :former"
        owner["ExpressionAttributeValues"] = {":former": {"S": former}}
    writes: Writes = [{"Put": owner}, {"Put": {"TableName": table, "Item": device_item(account, name, device)}}]
    if former is not None and former != name:
        writes.append({"Delete": {"TableName": table, "Key": device_key(account, former, device.key)}})
    return writes


def removal(table: str, account: str, name: str, key: str, registered_at: int | None) -> Writes:
    """Return the writes that remove a device and its owner item; with `registered_at`, only for that registration."""
    device: DeleteTypeDef = {
        "TableName": table,
        "Key": device_key(account, name, key),
        "ConditionExpression": "attribute_exists(pk)",
    }
    if registered_at is not None:
        device["ConditionExpression"] = "registered_at = :registered_at"
        device["ExpressionAttributeValues"] = {":registered_at": {"N": str(registered_at)}}
    owner: DeleteTypeDef = {
        "TableName": table,
        "Key": owner_key(account, key),
        "ConditionExpression": "attribute_not_exists(pk) OR subscriber = :name",
        "ExpressionAttributeValues": {":name": {"S": name}},
    }
    return [{"Delete": device}, {"Delete": owner}]
