"""Subscribers in DynamoDB: profiles, and the sessions that ended early, a partition each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from switchboard.aws.partition import items_of
from switchboard.foundation.errors import UnavailableError
from switchboard.subscribers.devices_dynamodb import DynamoDevices
from switchboard.subscribers.items import ENDED_PREFIX, FAMILIAR, profile_item, subscriber_in
from switchboard.subscribers.optimistic_lock import absent, unchanged
from switchboard.subscribers.status_dynamodb import PROFILE, DynamoSubscriberStatus, item_key
from switchboard.subscribers.subscriber import Status, Subscriber

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import (
        AttributeValueTypeDef,
        KeysAndAttributesTypeDef,
        QueryInputTypeDef,
        UniversalAttributeValueTypeDef,
    )

_READS = 3  # under load, a batch read may return some keys as unprocessed; the client itself retries errors
BY_ACCOUNT = "ByAccount"


class DynamoSubscribers(DynamoSubscriberStatus):
    """Profiles and ended sessions in the Subscribers table."""

    def find(self, account: str, name: str) -> Subscriber | None:
        """Return the profile, read consistently."""
        answer = self._client.get_item(TableName=self._table, Key=item_key(account, name), ConsistentRead=True)
        return subscriber_in(answer["Item"]) if "Item" in answer else None

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

    def delete(self, account: str, name: str) -> None:
        """Delete the devices with their token ownership, the profile, the familiar origins, and the ended sessions.

        The profile is deleted before the ended sessions, so that none of these becomes valid again if a later step
        fails. The devices are deleted again at the end, because one may have been registered since.
        """
        devices = DynamoDevices(self._client, self._table)
        _remove_all(devices, account, name)
        self._client.delete_item(TableName=self._table, Key=item_key(account, name))
        self._client.delete_item(TableName=self._table, Key=item_key(account, name, FAMILIAR))
        for session in self._ended_sessions(account, name):
            self._client.delete_item(TableName=self._table, Key=session)
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

    def end_session(self, account: str, name: str, session_id: str, expires_at: int) -> None:
        """Store until `expires_at` (epoch seconds) that this session was logged out."""
        key = item_key(account, name, ENDED_PREFIX + session_id)
        self._client.put_item(TableName=self._table, Item=key | {"expires_at": {"N": str(expires_at)}})

    def find_session(self, account: str, name: str, session_id: str) -> tuple[Subscriber | None, bool]:
        """Return the profile and whether this session was logged out, in one consistent read.

        Raises UnavailableError if DynamoDB leaves one of the two unprocessed at each try.
        """
        keys = [item_key(account, name), item_key(account, name, ENDED_PREFIX + session_id)]
        found = {item["sk"]["S"]: item for item in self._batch({"Keys": keys, "ConsistentRead": True})}
        profile = found.pop(PROFILE, None)
        return (None if profile is None else subscriber_in(profile)), bool(found)

    def _batch(self, wanted: KeysAndAttributesTypeDef) -> list[dict[str, AttributeValueTypeDef]]:
        found: list[dict[str, AttributeValueTypeDef]] = []
        for _ in range(_READS):
            answer = self._client.batch_get_item(RequestItems={self._table: wanted})
            found += answer["Responses"].get(self._table, [])
            left = answer.get("UnprocessedKeys", {}).get(self._table)
            if left is None:
                return found
            wanted = {"Keys": left["Keys"], "ConsistentRead": True}
        raise UnavailableError("unavailable", "The subscriber store is overloaded: try again.", retry_after=1)

    def _ended_sessions(self, account: str, name: str) -> list[dict[str, UniversalAttributeValueTypeDef]]:
        query: QueryInputTypeDef = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk AND begins_with(sk, :ended)",
            "ExpressionAttributeValues": {":pk": {"S": f"{account}#{name}"}, ":ended": {"S": ENDED_PREFIX}},
            "ProjectionExpression": "sk",
            "ConsistentRead": True,
        }
        return [item_key(account, name, item["sk"]["S"]) for item in items_of(self._client, query)]


def _remove_all(devices: DynamoDevices, account: str, name: str) -> None:
    for device in devices.of(account, name):
        devices.remove(account, name, device.key)
