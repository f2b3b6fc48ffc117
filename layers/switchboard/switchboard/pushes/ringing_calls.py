"""The calls that ring now in DynamoDB: one item per call in its callee's partition of the Deliveries table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from switchboard.pushes.deliveries import partition_of
from switchboard.pushes.ringing import RingingCall, ringing_id

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import UniversalAttributeValueTypeDef

    from switchboard.aws.attributes import Item

    type _Values = dict[str, UniversalAttributeValueTypeDef]

_RINGING = "ringing#"
_KEPT_SECONDS = 60  # as long as the deliveries of its pushes
_REGISTER = "SET caller = :caller, rings_until = :until, expires_at = :expires_at ADD pushes :push, phones :phones"
_IF_NEW = (  # before the push has come
    "caller = if_not_exists(caller, :caller), rings_until = if_not_exists(rings_until, :until),"
    " expires_at = if_not_exists(expires_at, :expires_at)"
)
_KNOWN_ANSWER = "attribute_not_exists(answered) OR attribute_exists(answered_by)"


class DynamoRingingCalls:
    """Implements RingingCalls."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def register(self, call: RingingCall) -> RingingCall:
        """Add the invites to the call's item in one write, which returns the item."""
        values: _Values = {
            ":push": {"SS": [f"{push_id} {call_uuid}" for push_id, call_uuid in call.pushes.items()]},
            ":phones": {"SS": sorted(call.phones)},
        }
        if not call.knowing:
            return self._update(call, _REGISTER, values)
        return self._update(call, f"{_REGISTER}, knowing :knowing", values | {":knowing": {"SS": sorted(call.knowing)}})

    def answer(self, call: RingingCall, phone: str | None) -> None:
        """Write the answer into the call's item."""
        update = f"SET answered = :answered, {_IF_NEW}"
        values: _Values = {":answered": {"BOOL": True}}
        if phone is None:
            self._update(call, update, values)
        else:
            self._update(call, f"{update} ADD answered_by :by", values | {":by": {"SS": [phone]}})

    def end(self, call: RingingCall, reason: str, by: str | None, *, answered: bool) -> RingingCall | None:
        """Write the end into the call's item, on condition that a cancel cannot reach the phone that answered."""
        update = f"SET over_by = if_not_exists(over_by, :reason), {_IF_NEW}"
        values: _Values = {":reason": {"S": reason}}
        if by is not None:
            update += " ADD answered_by :by" if answered else " ADD ended_by :by"
            values |= {":by": {"SS": [by]}}
        named = answered and by is not None
        try:
            return self._update(call, update, values, **({} if named else {"ConditionExpression": _KNOWN_ANSWER}))
        except self._client.exceptions.ConditionalCheckFailedException:
            return None

    def find(self, call: RingingCall) -> RingingCall | None:
        """Read the call's item, eventually consistently: a write that follows returns it as it is then."""
        answer = self._client.get_item(TableName=self._table, Key=_key(call))
        return _call_in(answer["Item"], call.account, call.callee) if "Item" in answer else None

    def of(self, account: str, callee: str, since: int, most: int) -> Sequence[RingingCall]:
        """Query the callee's calls by the time in their ids, so that expired items are not read."""
        answer = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues={
                ":pk": partition_of(account, callee),
                ":first": {"S": _RINGING + ringing_id(since, "")},
                ":last": {"S": _RINGING + "~"},
            },
            ConsistentRead=True,  # a phone may answer at once
            ScanIndexForward=False,
            Limit=most,
        )
        return [_call_in(item, account, callee) for item in answer["Items"]]

    def _update(self, call: RingingCall, update: str, values: _Values, **condition: str) -> RingingCall:
        about: _Values = {
            ":caller": {"S": call.caller},
            ":until": {"N": str(call.until)},
            ":expires_at": {"N": str(call.until // 1000 + _KEPT_SECONDS)},
        }
        answer = self._client.update_item(
            TableName=self._table,
            Key=_key(call),
            UpdateExpression=update,
            ExpressionAttributeValues=about | values,
            ReturnValues="ALL_NEW",
            **condition,  # type: ignore[arg-type]
        )
        return _call_in(answer["Attributes"], call.account, call.callee)


def _key(call: RingingCall) -> _Values:
    return {"pk": partition_of(call.account, call.callee), "sk": {"S": _RINGING + call.id}}


def _call_in(item: Item, account: str, callee: str) -> RingingCall:
    pushes = (push.partition(" ") for push in sorted(_set(item, "pushes")))
    return RingingCall(
        account,
        callee,
        item["sk"]["S"].removeprefix(_RINGING),
        int(item["rings_until"]["N"]),
        caller=item["caller"]["S"],
        pushes={push_id: call_uuid for push_id, _, call_uuid in pushes},
        phones=_set(item, "phones"),
        knowing=_set(item, "knowing"),
        answered="answered" in item,
        answered_by=_set(item, "answered_by"),
        ended_by=_set(item, "ended_by"),
        over=item["over_by"]["S"] if "over_by" in item else None,
    )


def _set(item: Item, name: str) -> frozenset[str]:
    return frozenset(item.get(name, {}).get("SS", ()))
