"""The two parties of each simulated call, their phones, sessions and requests."""

import secrets
import time
from dataclasses import replace
from typing import Any

from switchboard.aws import clients as aws
from switchboard.login.gate import session_tokens
from switchboard.login.passwords import Argon2Passwords
from switchboard.subscribers.devices_dynamodb import DynamoDevices
from switchboard.subscribers.dynamodb import DynamoSubscribers
from switchboard.subscribers.subscriber import Device, Platform, Status, Subscriber, TokenType, phone_key
from tests.deployment import Deployment
from tests.events import request

ACCOUNT, HOURS, PASSWORD = "demo1m", 24, "switchboard"
SUBSCRIBER = "/v1/accounts/{accountSid}/subscribers/{name}"
TOKEN_BYTES = 163  # characters of an FCM registration token, about


def caller(number: int) -> str:
    return f"caller{number:08}"


def callee(number: int) -> str:
    return f"callee{number:08}"


def call_sid(number: int) -> str:
    return f"{number:032x}"


class Parties:
    """Creates parties in a deployment; half of the callees have one phone, the others two."""

    def __init__(self, deployment: Deployment) -> None:
        self.subscribers = DynamoSubscribers(aws.client("dynamodb"), deployment.reference("SubscribersTable"))
        self.devices = DynamoDevices(aws.client("dynamodb"), deployment.reference("SubscribersTable"))
        self.secret = deployment.reference("SessionSecret")
        self.password_hash = Argon2Passwords().hash(PASSWORD)

    def put(self, name: str, phones: int, *, knows: tuple[str, ...] = ()) -> None:
        """Create a subscriber; the apps on the phones `phone-0` and so on understand the messages `knows`."""
        self.subscribers.put(of(name, self.password_hash))
        for number in range(phones):
            device = phone_of(name, secrets.token_hex(TOKEN_BYTES // 2), f"phone-{number}")
            self.devices.register(ACCOUNT, name, replace(device, knows=frozenset(knows)))


def phone_of(name: str, token: str, device_id: str) -> Device:
    registered = Device(token, TokenType.FCM, int(time.time() * 1000), Platform.ANDROID)
    return replace(registered, session_version="v1", phone=phone_key(ACCOUNT, name, device_id))


def of(name: str, password_hash: str | None = None) -> Subscriber:
    return Subscriber(ACCOUNT, name, Status.ACTIVE, "v1", name, 0, 0, password_hash)


def as_user(
    secret: str,
    user: str,
    what: str,
    body: object = None,
    *,
    about: str = "",
    device_id: str = "a-phone",
) -> dict[str, Any]:
    """Return the event of a user's request `what`, such as `GET contacts`, about the user or another subscriber."""
    method, resource = what.split()
    token, _ = session_tokens(secret, HOURS).issue(of(user), device_id)
    route = f"{SUBSCRIBER}/{'pushes/{pushId}/ack' if resource.startswith('pushes/') else resource}"
    headers = {"Authorization": f"Bearer {token}", "content-type": "application/json"}
    path = f"/v1/accounts/{ACCOUNT}/subscribers/{about or user}/{resource}"
    return request(method, path, route=route, body=body, headers=headers, at=time.time())
