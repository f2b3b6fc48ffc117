"""What DynamoDB is asked to do, the same as by ours."""

import os
import time
from typing import Any

CLAIM = (
    "SET answered_call = :call, answered_callee = callee, answered_set_at = set_at,"
    " answered_at = :at, answered_route = :route, answered_waited_ms = :waited"
)
CONDITION = (
    "attribute_exists(callee) AND expires_at > :now"
    " AND (attribute_not_exists(answered_call) OR answered_call <> :call)"
    " AND (attribute_not_exists(answered_set_at) OR answered_set_at <> set_at)"
)


def claim(account: str, caller: str, call_sid: str) -> dict[str, Any]:
    """Return the UpdateItem that claims the caller's context for a call."""
    now = time.time()
    return {
        "TableName": os.environ["CALL_CONTEXTS_TABLE"],
        "Key": {"pk": {"S": f"{account}#{caller}"}},
        "UpdateExpression": CLAIM,
        "ConditionExpression": CONDITION,
        "ExpressionAttributeValues": {
            ":call": {"S": call_sid},
            ":at": {"N": str(int(now * 1000))},
            ":route": {"S": "context"},
            ":waited": {"N": "0"},
            ":now": {"N": str(int(now))},
        },
        "ReturnValues": "ALL_NEW",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }


def status(account: str, name: str) -> dict[str, Any]:
    """Return the GetItem that reads a subscriber's status."""
    return {
        "TableName": os.environ["SUBSCRIBERS_TABLE"],
        "Key": {"pk": {"S": f"{account}#{name}"}, "sk": {"S": "profile"}},
        "ProjectionExpression": "#status",
        "ExpressionAttributeNames": {"#status": "status"},
    }
