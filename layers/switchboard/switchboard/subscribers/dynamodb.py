"""Subscribers in DynamoDB: a partition each, with the profile and what belongs to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from switchboard.aws.partition import items_of
from switchboard.subscribers.devices_dynamodb import DynamoDevices
from switchboard.subscribers.items import FAMILIAR, profile_item, subscriber_in
from switchboard.subscribers.optimistic_lock import absent, unchanged
from switchboard.subscribers.status_dynamodb import DynamoSubscriberStatus, item_key
from switchboard.subscribers.subscriber import Status, Subscriber

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import QueryInputTypeDef

BY_ACCOUNT = "ByAccount"


class DynamoSubscribers(DynamoSubscriberStatus):
    """Profiles in the Subscribers table."""

    def find(self, account: str, name: str) -> Subscriber | None:
        """Return the profile, read consistently."""
        return self._read(account, name, consistent=True)

    def glance(self, account: str, name: str) -> Subscriber | None:
        """Return the profile, read eventually consistently (about a second late at most), at half the price."""
        return self._read(account, name, consistent=False)

    def put(self, subscriber: Subscriber) -> None:
        """Store the profile whole, new or in place of the old one."""
        self._client.put_item(TableName=self._table, Item=profile_item(subscriber))

    def replace(self, seen: Subscriber | None, subscriber: Subscriber) -> bool:
        """Store the profile if it still equals `seen` (None: absent), else return False: an optimistic lock."""
        still = absent() if seen is None else unchanged(seen)
        try:
            self._client.put_item(TableName=self._table, Item=profile_item(subscriber), **still)
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def delete(self, account: str, name: str, generation: int) -> None:
        """Delete the devices with their token ownership, the familiar origins, and the profile of that generation.

        The profile goes after what belongs to it, so that the next user of that name finds nothing. The devices are
        deleted again at the end, because one may have been registered since.
        """
        devices = DynamoDevices(self._client, self._table)
        _remove_all(devices, account, name)
        self._client.delete_item(TableName=self._table, Key=item_key(account, name, FAMILIAR))
        try:
            self._client.delete_item(
                TableName=self._table,
                Key=item_key(account, name),
                ConditionExpression="attribute_not_exists(pk) OR generation = :generation",
                ExpressionAttributeValues={":generation": {"N": str(generation)}},
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return  # somebody else has the name already
        _remove_all(devices, account, name)

    def everyone(self, account: str, limit: int) -> Sequence[Subscriber]:
        """Return up to `limit` active subscribers of the account, by name, with the fields that the index has."""
        query: QueryInputTypeDef = {
            "TableName": self._table,
            "IndexName": BY_ACCOUNT,
            "KeyConditionExpression": "account = :account",
            "FilterExpression": "#status = :active",
            "ExpressionAttributeNames": {"#status": "status"},
            "ExpressionAttributeValues": {":account": {"S": account}, ":active": {"S": Status.ACTIVE}},
        }
        return [subscriber_in(item) for item in islice(items_of(self._client, query), limit)]

    def listed(self, account: str) -> Iterator[Subscriber]:
        """Yield all subscribers of the account by name, about a second late, with the fields that the index has."""
        query: QueryInputTypeDef = {
            "TableName": self._table,
            "IndexName": BY_ACCOUNT,
            "KeyConditionExpression": "account = :account",
            "ExpressionAttributeValues": {":account": {"S": account}},
        }
        return (subscriber_in(item) for item in items_of(self._client, query))

    def _read(self, account: str, name: str, *, consistent: bool) -> Subscriber | None:
        key = item_key(account, name)
        answer = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=consistent)
        return subscriber_in(answer["Item"]) if "Item" in answer else None


def _remove_all(devices: DynamoDevices, account: str, name: str) -> None:
    for device in devices.of(account, name):
        devices.remove(account, name, device.key)
