"""The calls that ring now in DynamoDB: one item per call in its callee's partition of the Deliveries table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from switchboard.pushes.ringing import RingingCall, ringing_id

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import UniversalAttributeValueTypeDef

    from switchboard.aws.attributes import Item

    type _Values = dict[str, UniversalAttributeValueTypeDef]

_RINGING = "ringing#"
_KEPT_SECONDS = 60  # as long as the deliveries of its pushes
_REGISTER = "SET caller = :caller, rings_until = :until, expires_at = :expires_at ADD pushes :push, phones :phones"


class DynamoRingingCalls:
    """Implements RingingCalls."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def register(self, call: RingingCall) -> RingingCall:
        """Add the invites to the call's item in one write, which returns the item."""
        values: _Values = {
            ":caller": {"S": call.caller},
            ":until": {"N": str(call.until)},
            ":expires_at": {"N": str(call.until // 1000 + _KEPT_SECONDS)},
            ":push": {"SS": [f"{push_id} {call_uuid}" for push_id, call_uuid in call.pushes.items()]},
            ":phones": {"SS": sorted(call.phones)},
        }
        answer = self._client.update_item(
            TableName=self._table,
            Key=_key(call),
            UpdateExpression=_REGISTER,
            ExpressionAttributeValues=values,
            ReturnValues="ALL_NEW",
        )
        return _call_in(answer["Attributes"])

    def find(self, call: RingingCall) -> RingingCall | None:
        """Read the call's item, eventually consistently: a write that follows returns it as it is then."""
        answer = self._client.get_item(TableName=self._table, Key=_key(call))
        return _call_in(answer["Item"]) if "Item" in answer else None

    def of(self, account: str, callee: str, since: int, most: int) -> Sequence[RingingCall]:
        """Query the callee's calls by the time in their ids, so that expired items are not read."""
        answer = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues={
                ":pk": {"S": f"{account}#{callee}"},
                ":first": {"S": _RINGING + ringing_id(since, "")},
                ":last": {"S": _RINGING + "~"},
            },
            ScanIndexForward=False,
            Limit=most,
        )
        return [_call_in(item) for item in answer["Items"]]


def _key(call: RingingCall) -> _Values:
    return {"pk": {"S": f"{call.account}#{call.callee}"}, "sk": {"S": _RINGING + call.id}}


def _call_in(item: Item) -> RingingCall:
    account, _, callee = item["pk"]["S"].partition("#")
    pushes = (push.partition(" ") for push in sorted(item["pushes"]["SS"]))
    return RingingCall(
        account,
        callee,
        item["sk"]["S"].removeprefix(_RINGING),
        int(item["rings_until"]["N"]),
        caller=item["caller"]["S"],
        pushes={push_id: call_uuid for push_id, _, call_uuid in pushes},
        phones=frozenset(item["phones"]["SS"]),
    )
