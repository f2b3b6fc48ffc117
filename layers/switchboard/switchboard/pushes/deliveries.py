"""The deliveries of pushes in DynamoDB: one item per push, by its receiver, leased by a conditional write."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from switchboard.pushes.missed_call import MissedCall, Pushed
from switchboard.pushes.payload import caller_in
from switchboard.pushes.push import AcceptedPush, Lease, Push, key_in

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import UniversalAttributeValueTypeDef

    from switchboard.aws.attributes import Item

_LEASE = "SET lease_until = :lease, holder = :holder"
_ABOUT = (
    "rings_until = :rings_until, expires_at = :expires_at, caller = :caller, pushed_at = :accepted, push_ids = :ids"
)
_OURS = "holder = :holder"  # the client's second try after a lost response must not fail because of its own first write
_FREE = f"(rings_until > :accepted AND lease_until <= :now) OR {_OURS}"
_NEW = f"attribute_not_exists(pk) OR (rings_until <= :accepted AND lease_until <= :now) OR {_OURS}"
_END = "SET lease_until = :lease"
_OVER = "SET is_over = :over"
_KEPT_SECONDS = 60  # longer than the delivery of any push that was accepted while this one rang


class DynamoDeliveries:
    """Implements Deliveries and AcceptedPushes on the Deliveries table."""

    def __init__(
        self, client: DynamoDBClient, table: str, new_holder: Callable[[], str] = lambda: uuid.uuid4().hex
    ) -> None:
        self._client = client
        self._table = table
        self._new_holder = new_holder

    def begin(self, push: Pushed, *, now_ms: int, lease_ms: int, known_until_ms: int) -> Lease | None:
        """Lease the push as a new one, or else as a known one without a lease."""
        values = {
            ":lease": _number(now_ms + lease_ms),
            ":accepted": _number(push.accepted_at),
            ":now": _number(now_ms),
            ":holder": {"S": self._new_holder()},
            ":ids": {"SS": [push.push_id]},
        }
        new = values | {
            ":rings_until": _number(known_until_ms),
            ":expires_at": _number(known_until_ms // 1000 + _KEPT_SECONDS),
            ":caller": {"S": _caller(push)},
        }
        lease = self._lease(push, f"{_LEASE}, {_ABOUT} REMOVE accepted, given_up, is_over", _NEW, new)
        return lease or self._lease(push, f"{_LEASE} ADD push_ids :ids", _FREE, values)

    def find(self, account: str, name: str, push_id: str, now: int) -> AcceptedPush | None:
        """Return the push by one consistent read: the phone may answer before a copy has the mark."""
        key = _key(account, name, key_in(push_id))
        item = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item", {})
        known = push_id in item.get("push_ids", {}).get("SS", ())
        if not (known and "accepted" in item and int(item["expires_at"]["N"]) > now):
            return None
        devices = frozenset(item["accepted"]["SS"])
        return AcceptedPush(item["caller"]["S"], int(item["pushed_at"]["N"]), devices)

    def mark(self, push: Pushed, *device_keys: str, accepted: bool = True, last: bool = False) -> bool:
        """Add the first device to those that took the push, the others to those that need no send of it."""
        took, others = (device_keys[:1], device_keys[1:]) if accepted else ((), device_keys)
        sets = {"accepted :took": took, "given_up :others": others}
        update = "ADD " + ", ".join(added for added, keys in sets.items() if keys)
        values: dict[str, UniversalAttributeValueTypeDef] = {
            name: {"SS": list(keys)} for name, keys in ((":took", took), (":others", others)) if keys
        }
        if last:
            update, values = f"{update} {_END}", values | {":lease": _number(0)}
        return "is_over" in self._update(push, update, values)

    def stop(self, account: str, name: str, push_id: str) -> Collection[str]:
        """Write that the call is over into the push's item, which the answer has as it was then."""
        try:
            answer = self._client.update_item(
                TableName=self._table,
                Key=_key(account, name, key_in(push_id)),
                UpdateExpression=_OVER,
                ConditionExpression="attribute_exists(pk)",
                ExpressionAttributeValues={":over": {"BOOL": True}},
                ReturnValues="ALL_NEW",
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return ()
        return frozenset(answer["Attributes"].get("accepted", {}).get("SS", ()))

    def end(self, push: Pushed) -> None:
        """Release the lease."""
        self._update(push, _END, {":lease": _number(0)})

    def _update(self, push: Pushed, expression: str, values: dict[str, UniversalAttributeValueTypeDef]) -> Item:
        answer = self._client.update_item(
            TableName=self._table,
            Key=_key_of(push),
            UpdateExpression=expression,
            ExpressionAttributeValues=values,
            ReturnValues="ALL_NEW",
        )
        return answer["Attributes"]

    def _lease(
        self, push: Pushed, expression: str, condition: str, values: dict[str, UniversalAttributeValueTypeDef]
    ) -> Lease | None:
        try:
            answer = self._client.update_item(
                TableName=self._table,
                Key=_key_of(push),
                UpdateExpression=expression,
                ConditionExpression=condition,
                ExpressionAttributeValues=values,
                ReturnValues="ALL_NEW",
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return None
        item = answer["Attributes"]
        settled = (item.get(name, {}).get("SS", ()) for name in ("accepted", "given_up"))
        return Lease(frozenset().union(*settled), "is_over" in item)


def partition_of(account: str, name: str) -> UniversalAttributeValueTypeDef:
    """Return the partition of what is for a subscriber; without the name, as a push may come after its deletion."""
    return {"S": f"{account}#{hashlib.sha256(f'{account}#{name}'.encode()).hexdigest()[:32]}"}


def _key_of(push: Pushed) -> dict[str, UniversalAttributeValueTypeDef]:
    return _key(push.account, push.subscriber_name, push.key)


def _key(account: str, receiver: str, push_key: str) -> dict[str, UniversalAttributeValueTypeDef]:
    return {"pk": partition_of(account, receiver), "sk": {"S": f"push#{push_key}"}}


def _caller(push: Pushed) -> str:
    if isinstance(push, Push):
        return caller_in(push.payload) or ""
    return push.caller if isinstance(push, MissedCall) else ""


def _number(value: int) -> UniversalAttributeValueTypeDef:
    return {"N": str(value)}
