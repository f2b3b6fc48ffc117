"""The push relay as deployed: both functions in moto, FCM over real HTTP; the stack acts as Lambda's poller."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import StringIO
from typing import Any

from local.calls.call_data import call_data
from local.simulators import Simulators
from switchboard.aws import clients as aws
from switchboard.pushes.cancel import Cancel, Reason, cancel_of
from switchboard.pushes.missed_call import Pushed
from switchboard.pushes.push import Push, push_key
from switchboard.pushes.queue import encode
from switchboard.pushes.ringing_calls import DynamoRingingCalls
from switchboard.runtime.log import logger
from switchboard.subscribers.devices_dynamodb import DynamoDevices
from switchboard.subscribers.dynamodb import DynamoSubscribers
from switchboard.subscribers.subscriber import Device, Status, Subscriber, TokenType
from tests.deployment import Deployment, deployed
from tests.events import basic, request

ROUTE = "/v1/accounts/{accountSid}/pushtoclient"
HOOK = "/v1/hooks/{secret}/accounts/{accountSid}/pushtoclient"
CREDENTIALS = basic("exotel", "local-webhook-token")
WEBHOOKS = {
    "demo1m": {"user": "exotel", "password": "local-webhook-token", "path": "local-hook"},
    "other1m": {"user": "exotel", "password": "another-token", "path": "another-hook"},
}


def jwt(call: str = "call-1") -> str:
    """Return the payload of a call by alice, always the same for the same call."""
    return call_data("alice", call)


def push(call: str = "call-1", name: str = "dave", *, age: float = 0.0) -> Push:
    """Return a push that was accepted `age` seconds ago."""
    push_id = f"{push_key('demo1m', name, jwt(call))}0a1b2c3d"
    return Push("demo1m", name, jwt(call), "2.0", push_id, int((time.time() - age) * 1000))


class PushStack:
    """Messages are handed to the function by `run`, which reads the queue as Lambda's poller would."""

    def __init__(self, deployment: Deployment, simulators: Simulators) -> None:
        self.deployment = deployment
        self.simulators = simulators
        self.sqs = deployment.client("sqs")
        self.devices = DynamoDevices(aws.client("dynamodb"), "SubscribersTable")
        self.subscribers = DynamoSubscribers(aws.client("dynamodb"), "SubscribersTable")
        deployment.fill("WebhookSecret", WEBHOOKS)

    def configure(self, **changes: Any) -> None:
        """Fill the PushSecret, as `switchboard setup` does."""
        self.deployment.fill("PushSecret", self.simulators.push_secret | changes)

    def phone(self, token: str, name: str = "dave", kind: TokenType = TokenType.FCM, **more: Any) -> Device:
        device = Device(token, kind, int(time.time() * 1000), session_version="v1", **more)
        self.subscribers.put(Subscriber("demo1m", name, Status.ACTIVE, "v1", name, 0, 0))
        self.devices.register("demo1m", name, device)
        return device

    def post(self, body: Any, *, headers: Mapping[str, str] = CREDENTIALS, function: Any = None) -> tuple[int, Any]:
        function = function or self.deployment.function("AcceptPushFunction")
        path = "/v1/accounts/demo1m/pushtoclient"
        answer = function.handler(request("POST", path, route=ROUTE, body=body, headers=dict(headers)), None)
        return answer["statusCode"], json.loads(answer["body"])

    def queue(self, *pushes: Pushed) -> None:
        for one in pushes:
            self.queue_body(encode(one))

    def queue_body(self, body: str) -> None:
        self.sqs.send_message(QueueUrl=self.deployment.reference("PushQueue"), MessageBody=body)

    def received(self, queue: str = "PushQueue") -> list[dict[str, Any]]:
        url = self.deployment.reference(queue)
        wanted = {"MessageAttributeNames": ["All"], "AttributeNames": ["All"]}
        return list(self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, **wanted).get("Messages", []))

    def waiting(self, queue: str = "PushQueue") -> int:
        """How many messages are in a queue, those in flight included."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.sqs.get_queue_attributes(QueueUrl=self.deployment.reference(queue), AttributeNames=names)
        return sum(int(count) for count in found["Attributes"].values())

    def invoke(self, messages: Sequence[Mapping[str, Any]], function: Any = None) -> list[str]:
        """Deliver a batch; return the ids of the messages that must come back."""
        function = function or self.deployment.function("DeliverPushFunction")
        records = [
            {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "attributes": message["Attributes"],
                "eventSource": "aws:sqs",
            }
            for message in messages
        ]
        return [
            failed["itemIdentifier"] for failed in function.handler({"Records": records}, None)["batchItemFailures"]
        ]

    def run(self, *pushes: Pushed) -> list[str]:
        """Queue, receive and deliver."""
        self.queue(*pushes)
        return self.invoke(self.received())

    def ring(self, invite: Push) -> None:
        """Deliver an invite, and take it from the queue."""
        self.queue(invite)
        (message,) = self.received()
        assert self.invoke([message]) == []
        url = self.deployment.reference("PushQueue")
        self.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    def ended(self, call: str = "call-1", name: str = "dave") -> Cancel:
        """Return the cancel of the call whose push is ringing."""
        one = push(call, name)
        ringing = DynamoRingingCalls(aws.client("dynamodb"), "DeliveriesTable").of("demo1m", name, 0, 25)
        return next(cancel_of(found, Reason.ENDED, one.accepted_at) for found in ringing if found.has_push(one.push_id))

    def cancelled(self) -> list[str]:
        """Return the tokens that accepted a cancel."""
        return [one.token for one in self.simulators.pushes.accepted() if one.data.get("type") == "cancel"]

    def rang(self) -> list[str]:
        return [accepted.token for accepted in self.simulators.pushes.accepted()]

    def registered(self, name: str = "dave") -> dict[str, Device]:
        return {device.token: device for device in self.devices.of("demo1m", name)}

    def reasons(self) -> list[str]:
        """Return the reasons in the dead-letter queue."""
        letters = self.received("PushDeadLetterQueue")
        return [letter["MessageAttributes"]["reason"]["StringValue"] for letter in letters]


@contextmanager
def push_stack(simulators: Simulators, **parameters: str) -> Iterator[PushStack]:
    with deployed(**parameters) as deployment:
        stack = PushStack(deployment, simulators)
        stack.configure()
        yield stack


@contextmanager
def log_lines() -> Iterator[StringIO]:
    """Yield the lines that are logged in the block."""
    handler = logger.registered_handler
    lines, stream = StringIO(), handler.setStream  # type: ignore[attr-defined]
    before = stream(lines)
    try:
        yield lines
    finally:
        stream(before)
