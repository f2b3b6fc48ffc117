"""The deployed functions; one dependency of one of them fails, all others work."""

from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from typing import Any

from local.simulators import Simulators
from switchboard.aws import clients as aws
from switchboard.login.gate import session_tokens
from switchboard.login.passwords import Argon2Passwords
from switchboard.subscribers.dynamodb import DynamoSubscribers
from switchboard.subscribers.subscriber import Status, Subscriber
from tests.deployment import Deployment
from tests.push_stack import PushStack
from tests.tables import create_table

ACCOUNT = "/v1/accounts/{accountSid}"
USER = f"{ACCOUNT}/subscribers/{{name}}"
TABLES = ("CallContextsTable", "SubscribersTable", "RateLimitsTable", "CallsTable", "DeliveriesTable", "ErasuresTable")
QUEUES = ("PushQueue", "PushDeadLetterQueue", "TimelineQueue", "TimelineDeadLetterQueue")
PASSWORD_HASH = Argon2Passwords().hash("switchboard")


class FaultStack(PushStack):
    """A push relay with users, sessions and an Exotel account around it. `reset` restores the initial state."""

    def __init__(self, deployment: Deployment, simulators: Simulators) -> None:
        super().__init__(deployment, simulators)
        self.message: dict[str, Any] = {}
        self.metrics = ""
        self.dynamodb = aws.client("dynamodb")
        self._sessions = session_tokens(deployment.reference("SessionSecret"), 24)
        self._subscribers = DynamoSubscribers(self.dynamodb, "SubscribersTable")
        self.reset()

    def reset(self) -> None:
        self.simulators.faults.clear()
        self.simulators.pushes.clear()
        for table in TABLES:
            for item in self.items(table):
                key: Any = {name: item[name] for name in ("pk", "sk") if name in item}
                self.dynamodb.delete_item(TableName=table, Key=key)
        for queue in QUEUES:
            self.sqs.delete_queue(QueueUrl=self.deployment.reference(queue))
            self.sqs.create_queue(QueueName=queue)
        self.configure()
        self.accounts(self.simulators.exotel_url)
        self.subscriber("alice")

    @contextmanager
    def without_calls(self) -> Iterator[None]:
        """Have no table of calls inside the block."""
        self.deployment.client("dynamodb").delete_table(TableName="CallsTable")
        yield
        create_table(self.deployment.client("dynamodb"), "CallsTable")

    def subscriber(self, name: str) -> Subscriber:
        made = Subscriber("demo1m", name, Status.ACTIVE, "v1", name, 0, 0, PASSWORD_HASH)
        self._subscribers.put(made)
        return made

    def session(self, name: str = "alice", device_id: str = "a-phone") -> dict[str, str]:
        return {"Authorization": f"Bearer {self._sessions.issue(self.subscriber(name), device_id)[0]}"}

    def accounts(self, exotel_url: str) -> None:
        """Fill the AccountsSecret with that URL of Exotel."""
        account = {"api_key": "key-of-demo1m", "api_token": "token-of-demo1m", "api_host": exotel_url}
        own = {"sdk_host": "https://sdk.example.com/v2", "exophone": "08040408080"}
        self.deployment.fill(
            "AccountsSecret", {"server_key": "local-server-key", "accounts": {"demo1m": account | own}}
        )

    def items(self, table: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.dynamodb.scan(TableName=table)["Items"]
        return found

    def last(self, body: str, queue: str = "PushQueue") -> dict[str, Any]:
        """Queue a message, receive it, and keep it as `message`."""
        self.sqs.send_message(QueueUrl=self.deployment.reference(queue), MessageBody=body)
        (self.message,) = self.received(queue)
        return self.message

    def ask(self, function: str, event: dict[str, Any]) -> dict[str, Any]:
        """Start a function and return its answer to an event; `metrics` is what it printed."""
        app = self.deployment.function(function)
        with redirect_stdout(StringIO()) as printed:
            answer: dict[str, Any] = app.handler(event, None)
        if hasattr(app, "http"):
            app.http().close()
        self.metrics = printed.getvalue()
        return answer
