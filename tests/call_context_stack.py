"""CallContextFunction as deployed."""

import json
import time
from typing import Any

from switchboard.aws import clients as aws
from switchboard.login.session_keys import SecretsManagerSessionKeys
from switchboard.login.sessions import SessionTokens
from switchboard.subscribers.dynamodb import DynamoSubscribers
from switchboard.subscribers.ended_sessions import end_session
from switchboard.subscribers.subscriber import Status, Subscriber
from tests.deployment import Deployment
from tests.events import request

ROUTE = "/v1/accounts/{accountSid}/subscribers/{name}/context"

MINUTE = 60


class Stack:
    """The function, with alice, bob and carol in demo1m and an alice in another account."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._subscribers = DynamoSubscribers(aws.client("dynamodb"), "SubscribersTable")
        for account, name in (("demo1m", "alice"), ("demo1m", "bob"), ("demo1m", "carol"), ("other", "alice")):
            self.put(account, name)
        self._app = deployment.function("CallContextFunction")

    def put(self, account: str, name: str, *, status: Status = Status.ACTIVE, version: str = "v1") -> None:
        self._subscribers.put(Subscriber(account, name, status, version, f"{name.title()} of Sales", 0, 0))

    def session(self, name: str, account: str = "demo1m", *, hours: int = 1, at: float | None = None) -> dict[str, str]:
        keys = SecretsManagerSessionKeys(
            aws.client("secretsmanager"), self._deployment.reference("SessionSecret"), hours, time.time
        )
        tokens = SessionTokens(keys, hours, lambda: at or time.time(), lambda: "session-1")
        token, _ = tokens.issue(Subscriber(account, name, Status.ACTIVE, "v1", name, 0, 0), "a-phone")
        return {"Authorization": f"Bearer {token}"}

    def log_out(self, name: str) -> None:
        now = int(time.time())
        session = ("session-1", now + MINUTE)
        end_session(self._subscribers, "demo1m", name, session, now=now, new_version=lambda: "v2")

    def break_contexts(self) -> None:
        self._deployment.client("dynamodb").delete_table(TableName="CallContextsTable")

    def break_everything(self) -> None:
        """Let the function raise an unexpected exception."""

        def broken() -> None:
            raise RuntimeError("a defect")

        self._app.build = broken

    def ask(
        self,
        method: str,
        headers: dict[str, str] | None = None,
        body: object = None,
        *,
        name: str = "alice",
        account: str = "demo1m",
    ) -> tuple[int, dict[str, Any]]:
        path = f"/v1/accounts/{account}/subscribers/{name}/context"
        answer = self._app.handler(request(method, path, route=ROUTE, body=body, headers=headers), None)
        told = json.loads(answer["body"])
        assert told["http_code"] == answer["statusCode"]
        assert told["request_id"]
        return answer["statusCode"], told
