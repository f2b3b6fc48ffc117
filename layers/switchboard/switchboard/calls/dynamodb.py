"""Call contexts in DynamoDB: one item per caller, claimed by one UpdateItem (docs/decisions/0001)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from switchboard.calls.context import Answered, Asked, CallContext, Claim, ClaimedCallee, Ending, SharedWith
from switchboard.foundation.errors import AwsError, UnavailableError

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import UniversalAttributeValueTypeDef

    type _Values = dict[str, UniversalAttributeValueTypeDef]

# `answered_…`, `asked_…` and `ended_…` reach the call's timeline through the table's stream (context_stream.py).
_SET = (
    "SET callee = :callee, message = :message, set_at = :set_at, expires_at = :expires_at, caller_name = :caller_name"
    " REMOVE ended_at, ended_by"
)
_END = (
    "SET ended_at = :at, ended_by = :by, expires_at = if_not_exists(expires_at, :expires_at)"
    " REMOVE callee, message, set_at, caller_name"
)
# The answer before it stays in `previous_…`: a push of the earlier call may still be on its way when a caller redials.
_CLAIM = (
    "SET previous_call = if_not_exists(answered_call, :none), previous_callee = if_not_exists(answered_callee, :none),"
    " previous_at = if_not_exists(answered_at, :none), previous_waited_ms = if_not_exists(answered_waited_ms, :none),"
    " answered_call = :call, answered_callee = callee, answered_set_at = set_at,"
    " answered_at = :at, answered_route = :route, answered_waited_ms = :waited"
)
_NOTE = (
    "SET asked_call = :call, asked_at = :at, asked_route = :route, asked_waited_ms = :waited,"
    " expires_at = if_not_exists(expires_at, :expires_at)"
)
_UNUSED = "(attribute_not_exists(answered_set_at) OR answered_set_at <> set_at)"
_NOT_REPEATED = "(attribute_not_exists(answered_call) OR answered_call <> :call)"
_CLAIMABLE = f"attribute_exists(callee) AND expires_at > :now AND {_NOT_REPEATED} AND {_UNUSED}"


_ANSWERS = ("answered", "asked", "previous")


class DynamoCallContexts:
    """Implements CallContexts and DialAnswers on the CallContexts table."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def put(self, context: CallContext) -> None:
        """Store the context; the answer to the last call stays in the item, for Exotel's retries of that call."""
        values: _Values = {
            ":callee": {"S": context.callee},
            ":message": {"S": context.message},
            ":set_at": {"N": str(context.set_at)},
            ":expires_at": {"N": str(context.expires_at)},
            ":caller_name": {"S": context.caller_name},
        }
        self._update(context.account, context.caller, _SET, values)

    def find(self, account: str, caller: str, now: int) -> CallContext | None:
        """Return the caller's context. The expiry is checked here, because DynamoDB deletes expired items late."""
        return _context_in(self._item(account, caller), account, caller, now)

    def shared(self, account: str, caller: str, now: int) -> SharedWith | None:
        """Return the caller's context with its use, by an eventually consistent read."""
        item = self._client.get_item(TableName=self._table, Key=_key(account, caller)).get("Item")
        context = _context_in(item, account, caller, now)
        if item is None or context is None:
            return None
        used = item.get("answered_set_at") == item["set_at"]
        return SharedWith(context, int(item["answered_at"]["N"]) if used else None)

    def end(self, account: str, caller: str, ending: Ending) -> None:
        """Remove the context's attributes from the item in one update, so that no claim sees a part of them."""
        at, expires_at = {"N": str(ending.at)}, {"N": str(ending.expires_at)}
        try:
            self._update(account, caller, _END, {":at": at, ":by": {"S": ending.by}, ":expires_at": expires_at})
        except AwsError as fault:
            reason = "the call context could not be ended and may still route a call: send the request again"
            raise UnavailableError("context_not_ended", reason, retry_after=1) from fault

    def delete(self, account: str, caller: str) -> None:
        """Delete the item, if there is one."""
        self._client.delete_item(TableName=self._table, Key=_key(account, caller))

    def claim(self, account: str, caller: str, call_sid: str, asked: Asked) -> ClaimedCallee:
        """Mark the context as used by this call if it is unused; else return why it is not."""
        try:
            answer = self._client.update_item(
                TableName=self._table,
                Key=_key(account, caller),
                UpdateExpression=_CLAIM,
                ConditionExpression=_CLAIMABLE,
                ExpressionAttributeValues={
                    **_answer_values(call_sid, asked),
                    ":now": {"N": str(asked.now)},
                    ":none": {"NULL": True},
                },
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._client.exceptions.ConditionalCheckFailedException as refused:
            return _claim_result(cast("Mapping[str, Any] | None", refused.response.get("Item")), call_sid, asked.now)
        return ClaimedCallee(Claim.FRESH, answer["Attributes"]["callee"]["S"])

    def look(self, account: str, caller: str, call_sid: str, now: int) -> ClaimedCallee:
        """Return what a claim would return. Eventually consistent reads cost half but find late contexts later."""
        return _claim_result(self._item(account, caller), call_sid, now)

    def answers(self, account: str, caller: str) -> Sequence[Answered]:
        """Return the answers in the caller's item. They count for seconds only, so the item's expiry is not checked."""
        item = self._item(account, caller) or {}
        found = [_answered(item, prefix) for prefix in _ANSWERS if "S" in item.get(f"{prefix}_callee", {})]
        return sorted(found, key=lambda answer: answer.at, reverse=True)

    def note(
        self, account: str, caller: str, call_sid: str, asked: Asked, *, callee: str | None, expires_at: int
    ) -> None:
        """Store the answer in the caller's item, whether that has a context or not."""
        values: _Values = {**_answer_values(call_sid, asked), ":expires_at": {"N": str(expires_at)}}
        if callee is None:
            self._update(account, caller, f"{_NOTE} REMOVE asked_callee", values)
        else:
            self._update(account, caller, f"{_NOTE}, asked_callee = :callee", {**values, ":callee": {"S": callee}})

    def _update(self, account: str, caller: str, update: str, values: _Values) -> None:
        self._client.update_item(
            TableName=self._table,
            Key=_key(account, caller),
            UpdateExpression=update,
            ExpressionAttributeValues=values,
        )

    def _item(self, account: str, caller: str) -> Mapping[str, Any] | None:
        return self._client.get_item(TableName=self._table, Key=_key(account, caller), ConsistentRead=True).get("Item")


def _context_in(item: Mapping[str, Any] | None, account: str, caller: str, now: int) -> CallContext | None:
    if not item or "callee" not in item or int(item["expires_at"]["N"]) <= now:
        return None
    return CallContext(
        account=account,
        caller=caller,
        callee=item["callee"]["S"],
        message=item["message"]["S"],
        set_at=int(item["set_at"]["N"]),
        expires_at=int(item["expires_at"]["N"]),
        caller_name=item["caller_name"]["S"],
    )


def _key(account: str, caller: str) -> _Values:
    return {"pk": {"S": f"{account}#{caller}"}}


def _answered(item: Mapping[str, Any], prefix: str) -> Answered:
    at = int(item[f"{prefix}_at"]["N"]) + int(item[f"{prefix}_waited_ms"]["N"])
    return Answered(item[f"{prefix}_call"]["S"], item[f"{prefix}_callee"]["S"], at)


def _answer_values(call_sid: str, asked: Asked) -> _Values:
    return {
        ":call": {"S": call_sid},
        ":at": {"N": str(asked.at)},
        ":route": {"S": asked.route},
        ":waited": {"N": str(asked.waited_ms)},
    }


def _claim_result(item: Mapping[str, Any] | None, call_sid: str, now: int) -> ClaimedCallee:
    """Return what a claim would return, by the caller's item."""
    if not item:
        return ClaimedCallee(Claim.ABSENT)
    if item.get("answered_call", {}).get("S") == call_sid:
        return ClaimedCallee(Claim.REPEATED, item["answered_callee"]["S"])
    if "callee" not in item or int(item["expires_at"]["N"]) <= now:
        return ClaimedCallee(Claim.ABSENT)
    return ClaimedCallee(Claim.USED if item["set_at"] == item.get("answered_set_at") else Claim.FRESH)
