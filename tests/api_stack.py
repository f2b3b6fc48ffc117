"""The whole API as deployed: every function behind it in moto, Exotel's simulator over real HTTP."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from typing import Any
from urllib.parse import quote

from local.simulators import Simulators, running_simulators
from switchboard.aws import clients as aws
from switchboard.login.gate import session_tokens
from switchboard.login.passwords import Argon2Passwords
from switchboard.login.sessions import SessionTokens
from switchboard.subscribers.dynamodb import DynamoSubscribers
from switchboard.subscribers.subscriber import Status, Subscriber
from switchboard.timeline.event import Event, Kind
from tests.benches.record_call import on_dynamodb
from tests.deployment import Deployment, deployed
from tests.events import basic, request
from tests.identity_stack import ACCOUNTS, SERVER_KEY, Answer
from tests.sam_template import api_routes

ROUTES = api_routes()
HOURS = 24
PASSWORD = "a-password-of-alices"
WEBHOOKS = {
    "demo1m": {"user": "exotel", "password": "a-webhook-password", "path": "a-secret-path"},
    "other1m": {"user": "exotel", "password": "another-webhook-password", "path": "another-secret-path"},
}


class ApiStack:
    """Routes by their keys. Alice and bob are in demo1m, another alice in other1m; all have PASSWORD."""

    def __init__(self, deployment: Deployment, simulators: Simulators) -> None:
        self.deployment = deployment
        self.simulators = simulators
        accounts = {
            sid: {
                "api_key": key,
                "api_token": token,
                "api_host": simulators.exotel_url,
                "sdk_host": "https://sdk.example.com/v2",
                "exophone": "08040408080",
            }
            for sid, (key, token) in ACCOUNTS.items()
        }
        deployment.fill("AccountsSecret", {"server_key": SERVER_KEY, "accounts": accounts})
        deployment.fill("WebhookSecret", WEBHOOKS)
        self.subscribers = DynamoSubscribers(aws.client("dynamodb"), deployment.reference("SubscribersTable"))
        self.functions: dict[str, Any] = {name: deployment.function(name) for name in sorted(set(ROUTES.values()))}
        for account, name in (("demo1m", "alice"), ("demo1m", "bob"), ("other1m", "alice")):
            self.put(account, name)

    @cached_property
    def password_hash(self) -> str:
        return Argon2Passwords().hash(PASSWORD)

    @cached_property
    def tokens(self) -> SessionTokens:
        return session_tokens(self.deployment.reference("SessionSecret"), HOURS)

    def put(self, account: str, name: str, status: Status = Status.ACTIVE, version: str = "v1") -> None:
        self.subscribers.put(Subscriber(account, name, status, version, name, 0, 0, self.password_hash))

    def dialled(self, call: str) -> None:
        """Store a call from alice to bob."""
        parties = {"caller": "alice", "callee": "bob"}
        on_dynamodb().add([Event("demo1m", call, Kind.DIAL_WHOM, int(time.time() * 1000), None, parties)])

    def session(
        self,
        name: str = "alice",
        account: str = "demo1m",
        *,
        version: str = "v1",
        age: float = 0,
        device_id: str = "a-phone",
    ) -> str:
        """Return a session that was opened `age` seconds ago."""
        tokens = replace(self.tokens, clock=lambda: time.time() - age)
        return tokens.issue(Subscriber(account, name, Status.ACTIVE, version, name, 0, 0), device_id)[0]

    def ask(
        self,
        route: str,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        query: str = "",
        **parameters: str,
    ) -> Answer:
        """Send a request as alice of demo1m, unless `parameters` of the path name another."""
        method, pattern = route.split()
        known = {
            "accountSid": "demo1m",
            "name": "alice",
            "pushId": "push-1",
            "deviceKey": "0" * 64,
            "secret": "a-secret-path",
        } | parameters
        path = pattern.format(**{name: quote(value, safe="") for name, value in known.items()})
        event = request(method, path, route=pattern, body=body, headers=dict(headers or {}))
        return self.play(event | {"rawQueryString": query})

    def play(self, event: dict[str, Any]) -> Answer:
        answer = self.functions[ROUTES[event["routeKey"]]].handler(event, None)
        headers = {name.lower(): value for name, value in answer["headers"].items()}
        is_json = headers.get("content-type", "").startswith("application/json")
        body = json.loads(answer["body"]) if is_json else None
        return Answer(answer["statusCode"], body, headers, answer["body"])

    def empty(self, table: str) -> None:
        """Forget all items of a table with the keys pk and sk, or pk alone."""
        client = self.deployment.client("dynamodb")
        for item in client.scan(TableName=table)["Items"]:
            client.delete_item(TableName=table, Key={key: item[key] for key in ("pk", "sk") if key in item})

    def close(self) -> None:
        for name in ("VendTokenFunction", "ManageSubscribersFunction"):
            self.functions[name].http().close()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def webhook(account: str = "demo1m") -> dict[str, str]:
    return basic(WEBHOOKS[account]["user"], WEBHOOKS[account]["password"])


@contextmanager
def api_stack(**parameters: str) -> Iterator[ApiStack]:
    with running_simulators(ACCOUNTS) as simulators, deployed(**parameters) as deployment:
        stack = ApiStack(deployment, simulators)
        yield stack
        stack.close()
