"""The AWS calls of Dial Whom, the same as ours, with boto3 clients made at import, as AWS recommends."""

import json
import os
import secrets
import time
from functools import lru_cache

import boto3

DYNAMODB = boto3.client("dynamodb")
SECRETS = boto3.client("secretsmanager")
CLAIM = (
    "SET answered_call = :call, answered_callee = callee, answered_set_at = set_at,"
    " answered_at = :at, answered_route = :route, answered_waited_ms = :waited"
)
CONDITION = (
    "attribute_exists(callee) AND expires_at > :now"
    " AND (attribute_not_exists(answered_call) OR answered_call <> :call)"
    " AND (attribute_not_exists(answered_set_at) OR answered_set_at <> set_at)"
)


@lru_cache
def accounts() -> dict[str, dict[str, str]]:
    """Read the webhook credentials of all accounts, once."""
    answer = SECRETS.get_secret_value(SecretId=os.environ["WEBHOOK_SECRET"])
    read: dict[str, dict[str, str]] = json.loads(answer["SecretString"])
    return read


def admitted(account: str, user: str, password: str) -> bool:
    """Whether these are the account's credentials."""
    known = accounts().get(account, {})
    right_user = secrets.compare_digest(user.encode(), known.get("user", "").encode())
    return secrets.compare_digest(password.encode(), known.get("password", "").encode()) and right_user


def callee(account: str, caller: str, call_sid: str) -> str | None:
    """Claim the caller's context, and return whom it names unless that one is suspended."""
    name = _claim(account, caller, call_sid)
    found = DYNAMODB.get_item(
        TableName=os.environ["SUBSCRIBERS_TABLE"],
        Key={"pk": {"S": f"{account}#{name}"}, "sk": {"S": "profile"}},
        ProjectionExpression="#status",
        ExpressionAttributeNames={"#status": "status"},
    )
    return None if found.get("Item", {}).get("status", {}).get("S") == "inactive" else name


def _claim(account: str, caller: str, call_sid: str) -> str:
    now = time.time()
    claimed = DYNAMODB.update_item(
        TableName=os.environ["CALL_CONTEXTS_TABLE"],
        Key={"pk": {"S": f"{account}#{caller}"}},
        UpdateExpression=CLAIM,
        ConditionExpression=CONDITION,
        ExpressionAttributeValues={
            ":call": {"S": call_sid},
            ":at": {"N": str(int(now * 1000))},
            ":route": {"S": "context"},
            ":waited": {"N": "0"},
            ":now": {"N": str(int(now))},
        },
        ReturnValues="ALL_NEW",
        ReturnValuesOnConditionCheckFailure="ALL_OLD",
    )
    name: str = claimed["Attributes"]["callee"]["S"]
    return name
