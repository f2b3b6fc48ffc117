"""Login and the subscriber API as deployed: both functions in moto, Exotel's simulator over real HTTP."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from local.simulators import Simulators, running_simulators
from tests.deployment import Deployment, deployed
from tests.events import request

SERVER_KEY = "local-server-key"
ACCOUNTS = {"demo1m": ("key-of-demo1m", "token-of-demo1m"), "other1m": ("key-of-other1m", "token-of-other1m")}
LOGIN = {"user_name": "alice", "password": "switchboard", "account_sid": "demo1m", "device_id": "2fc4b5912826ad1"}
SUBSCRIBER = "/v1/accounts/{accountSid}/subscribers/{name}"


class Answer(NamedTuple):
    status: int
    body: Any
    headers: dict[str, str]
    text: str


class IdentityStack:
    def __init__(self, deployment: Deployment, simulators: Simulators) -> None:
        self.deployment = deployment
        self.simulators = simulators
        self.configured = True
        deployment.fill("AccountsSecret", self.secret(simulators.exotel_url))
        self._vend_token = deployment.function("VendTokenFunction")
        self._manage_subscribers = deployment.function("ManageSubscribersFunction")

    def secret(self, api_host: str, **changes: str) -> dict[str, Any]:
        """Return a good accounts secret, but for `changes` in each account."""
        accounts = {
            sid: {
                "api_key": key,
                "api_token": token,
                "api_host": api_host,
                "sdk_host": "https://sdk.example.com/v2",
                "exophone": "08040408080",
                **changes,
            }
            for sid, (key, token) in ACCOUNTS.items()
        }
        return {"server_key": SERVER_KEY, "accounts": accounts}

    def reconfigure(self, secret: dict[str, Any]) -> None:
        """Fill the accounts secret with something else, and start the functions anew; `reset` undoes it."""
        self.deployment.fill("AccountsSecret", secret)
        self.restart()
        self.configured = False

    def reset(self) -> None:
        """Restore the initial state."""
        self.simulators.faults.clear()
        for table in ("SubscribersTable", "RateLimitsTable", "CallContextsTable"):
            self.empty(table)
        if not self.configured:
            self.deployment.fill("AccountsSecret", self.secret(self.simulators.exotel_url))
            self.restart()
            self.configured = True

    def login(self, *, headers: dict[str, str] | None = None, source: str = "203.0.113.7", **changes: Any) -> Answer:
        body = {key: value for key, value in (LOGIN | changes).items() if value is not None}
        event = request("POST", "/v1/login", route="/v1/login", body=body, headers=headers, source=source)
        return self.play(event)

    def as_user(
        self, session: str, action: str, body: Any, path: str = "/v1/accounts/demo1m/subscribers/alice"
    ) -> Answer:
        headers = {"Authorization": f"Bearer {session}"} if session else {}
        return self.play(
            request("POST", f"{path}/{action}", route=f"{SUBSCRIBER}/{action}", body=body, headers=headers)
        )

    def as_server(
        self, method: str, name: str = "alice", body: Any = None, *, account: str = "demo1m", key: str = SERVER_KEY
    ) -> Answer:
        path, headers = f"/v1/accounts/{account}/subscribers/{name}", {"Authorization": f"Bearer {key}"}
        return self.play(request(method, path, route=SUBSCRIBER, body=body, headers=headers))

    def play(self, event: dict[str, Any]) -> Answer:
        route = event["routeKey"]
        managed = route.split()[1] == SUBSCRIBER
        function = self._manage_subscribers if managed else self._vend_token
        answer = function.handler(event, None)
        body = json.loads(answer["body"]) if answer["body"] else None
        return Answer(answer["statusCode"], body, answer["headers"], answer["body"])

    def items(self, table: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.deployment.client("dynamodb").scan(TableName=table)["Items"]
        return found

    def empty(self, table: str) -> None:
        for item in self.items(table):
            key = {name: item[name] for name in ("pk", "sk") if name in item}
            self.deployment.client("dynamodb").delete_item(TableName=table, Key=key)

    def close(self) -> None:
        for function in (self._vend_token, self._manage_subscribers):
            function.http().close()

    def restart(self) -> None:
        """Start the functions anew, with nothing cached."""
        self.close()
        self._vend_token = self.deployment.function("VendTokenFunction")
        self._manage_subscribers = self.deployment.function("ManageSubscribersFunction")


@contextmanager
def identity_stack(**parameters: str) -> Iterator[IdentityStack]:
    with running_simulators(ACCOUNTS) as simulators, deployed(**parameters) as deployment:
        stack = IdentityStack(deployment, simulators)
        yield stack
        stack.close()
