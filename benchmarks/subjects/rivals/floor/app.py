"""The least that Dial Whom needs: a lower bound, not for production."""

import base64
import hmac
import json
import os
from typing import Any
from urllib.parse import parse_qs

from dynamodb_requests import claim, status
from signed import Service

DYNAMODB = Service("dynamodb", "DynamoDB_20120810", "1.0")
ACCOUNTS = json.loads(
    Service("secretsmanager", "secretsmanager", "1.1")("GetSecretValue", SecretId=os.environ["WEBHOOK_SECRET"])[
        "SecretString"
    ]
)


def handler(event: dict[str, Any], _context: object) -> dict[str, object]:
    """Answer whom to bridge the caller to."""
    account = event["pathParameters"]["accountSid"]
    known = ACCOUNTS[account]
    sent = base64.b64decode(event["headers"]["authorization"].removeprefix("Basic "))
    if not hmac.compare_digest(sent, f"{known['user']}:{known['password']}".encode()):
        return {"statusCode": 401, "body": ""}
    query = parse_qs(event["rawQueryString"])
    name = callee(account, query["CallFrom"][0].removeprefix("sip:"), query["CallSid"][0])
    print(json.dumps({"account": account, "callee": name}))
    return {"statusCode": 200, "headers": {"Content-Type": "text/plain"}, "body": f"sip:{name}"}


def callee(account: str, caller: str, call_sid: str) -> str:
    """Claim the caller's context, and return whom it names; a callee who is suspended is an error here."""
    claimed = DYNAMODB("UpdateItem", **claim(account, caller, call_sid))
    name: str = claimed["Attributes"]["callee"]["S"]
    found = DYNAMODB("GetItem", **status(account, name))
    if found["Item"]["status"]["S"] != "active":
        raise LookupError(name)
    return name
