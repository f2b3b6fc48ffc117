"""Dial Whom as deployed: alice is about to call bob."""

import time
from typing import Any

from switchboard.aws import clients as aws
from switchboard.calls.context import CallContext
from switchboard.calls.dynamodb import DynamoCallContexts
from tests.deployment import Deployment
from tests.events import basic, request

ROUTE = "/v1/accounts/{accountSid}/dialtonumber"

HOOK = "/v1/hooks/{secret}/accounts/{accountSid}/dialtonumber"

QUERY = "CallSid=c1&CallFrom=alice"

CREDENTIALS = basic("exotel", "local-webhook-token")

WEBHOOKS = {
    "demo1m": {"user": "exotel", "password": "local-webhook-token", "path": "local-hook"},
    "second": {"user": "exotel", "password": "another-token", "path": "another-hook"},
}


def alice_sets(callee: str, account: str = "demo1m") -> None:
    now = time.time()
    context = CallContext(account, "alice", callee, "", int(now * 1000), int(now) + 60)
    DynamoCallContexts(aws.client("dynamodb"), "CallContextsTable").put(context)


def ask(stack: Deployment, query: str, headers: dict[str, str] | None = None, **event: Any) -> dict[str, Any]:
    path = event.pop("path", "/v1/accounts/demo1m/dialtonumber")
    made = request("GET", f"{path}?{query}", route=event.pop("route", ROUTE), headers=headers or {}, **event)
    answer: dict[str, Any] = stack.function("DialWhomFunction").handler(made, None)
    return answer
