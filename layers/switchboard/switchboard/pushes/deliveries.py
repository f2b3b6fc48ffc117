"""The deliveries of pushes in DynamoDB: one item per push, by its receiver, leased by a conditional write."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from switchboard.pushes.missed_call import MissedCall, Pushed
from switchboard.pushes.payload import caller_in
from switchboard.pushes.push import AcceptedPush, key_in

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import UniversalAttributeValueTypeDef

_LEASE = "SET lease_until = :lease, holder = :holder"
_ABOUT = (
    "rings_until = :rings_until, expires_at = :expires_at, caller = :caller, pushed_at = :accepted, push_ids = :ids"
)
_OURS = "holder = :holder"  # the client's second try after a lost response must not fail because of its own first write
_FREE = f"(rings_until > :accepted AND lease_until <= :now) OR {_OURS}"
_NEW = f"attribute_not_exists(pk) OR (rings_until <= :accepted AND lease_until <= :now) OR {_OURS}"
_ACCEPTED = "ADD accepted :device"
_GIVEN_UP = "ADD given_up :device"
_END = "SET lease_until = :lease"
_KEPT_SECONDS = 60  # longer than the delivery of any push that was accepted while this one rang


class DynamoDeliveries:
    """Implements Deliveries and AcceptedPushes on the Deliveries table."""

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
            ":ids": {"SS": [push.push_id]},
        }
        new = values | {
            ":rings_until": _number(known_until_ms),
            ":expires_at": _number(known_until_ms // 1000 + _KEPT_SECONDS),
            ":caller": {"S": _caller(push)},
        }
        settled = self._lease(push, f"{_LEASE}, {_ABOUT} REMOVE accepted, given_up", _NEW, new)
        if settled is None:
            settled = self._lease(push, f"{_LEASE} ADD push_ids :ids", _FREE, values)
        return settled

    def find(self, account: str, name: str, push_id: str, now: int) -> AcceptedPush | None:
        """Return the push by one consistent read: the phone may answer before a copy has the mark."""
        key = _key(account, name, key_in(push_id))
        item = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item", {})
        known = push_id in item.get("push_ids", {}).get("SS", ())
        if not (known and "accepted" in item and int(item["expires_at"]["N"]) > now):
            return None
        return AcceptedPush(item["caller"]["S"], int(item["pushed_at"]["N"]))

    def mark(self, push: Pushed, *device_keys: str, accepted: bool = True, last: bool = False) -> None:
        """Add the devices to those that need no further send of this push; the last mark releases the lease as well."""
        mark = _ACCEPTED if accepted else _GIVEN_UP
        device: dict[str, UniversalAttributeValueTypeDef] = {":device": {"SS": list(device_keys)}}
        if last:
            self._update(push, f"{mark} {_END}", device | {":lease": _number(0)})
        else:
            self._update(push, mark, device)

    def end(self, push: Pushed) -> None:
        """Release the lease."""
        self._update(push, _END, {":lease": _number(0)})

    def _update(self, push: Pushed, expression: str, values: dict[str, UniversalAttributeValueTypeDef]) -> None:
        self._client.update_item(
            TableName=self._table,
            Key=_key_of(push),
            UpdateExpression=expression,
            ExpressionAttributeValues=values,
        )

    def _lease(
        self, push: Pushed, expression: str, condition: str, values: dict[str, UniversalAttributeValueTypeDef]
    ) -> Collection[str] | None:
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
        settled = (answer["Attributes"].get(name, {}).get("SS", ()) for name in ("accepted", "given_up"))
        return frozenset().union(*settled)


def _key_of(push: Pushed) -> dict[str, UniversalAttributeValueTypeDef]:
    return _key(push.account, push.subscriber_name, push.key)


def _key(account: str, receiver: str, push_key: str) -> dict[str, UniversalAttributeValueTypeDef]:
    return {"pk": {"S": f"{account}#{receiver}"}, "sk": {"S": f"push#{push_key}"}}


def _caller(push: Pushed) -> str:
    return push.caller if isinstance(push, MissedCall) else caller_in(push.payload) or ""


def _number(value: int) -> UniversalAttributeValueTypeDef:
    return {"N": str(value)}
