"""The AWS calls of the endpoint, which all rivals but the tutorial build share: clients made at import."""

import json
import os
import secrets
from functools import lru_cache

import boto3
from dynamodb_requests import claim, status

DYNAMODB = boto3.client("dynamodb")
SECRETS = boto3.client("secretsmanager")


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
    claimed = DYNAMODB.update_item(**claim(account, caller, call_sid))
    name: str = claimed["Attributes"]["callee"]["S"]
    found = DYNAMODB.get_item(**status(account, name))
    return None if found.get("Item", {}).get("status", {}).get("S") == "inactive" else name
