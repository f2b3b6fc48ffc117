"""GET, PUT, DELETE of a subscriber: for the customer's server, with the server key."""

from switchboard.edge.warm import warm

import time
import uuid
from dataclasses import dataclass
from functools import cache

from switchboard.adapters import aws
from switchboard.adapters.accounts import SecretAccounts
from switchboard.adapters.bounded_http import BoundedHttp
from switchboard.adapters.call_contexts import DynamoCallContexts
from switchboard.adapters.devices import DynamoDevices
from switchboard.adapters.exotel import ExotelApi
from switchboard.adapters.passwords import Argon2Passwords
from switchboard.adapters.secrets import SecretsManagerSecret
from switchboard.adapters.subscribers import DynamoSubscribers
from switchboard.edge.bodies import read
from switchboard.edge.http import SUBSCRIBER, Reply, api
from switchboard.edge.request import Request
from switchboard.edge.schemas.subscribers import PutSubscriber, SubscriberAnswer
from switchboard.edge.server_gate import ServerGate
from switchboard.edge.settings import load
from switchboard.usecases.manage_subscribers import Change, ManageSubscribers


@dataclass(frozen=True)
class Settings:
    """The environment of ManageSubscribersFunction."""

    subscribers_table: str
    call_contexts_table: str
    accounts_secret: str


@cache
def http() -> BoundedHttp:
    """Build the one HTTP client, which keeps its connections while the function stays warm."""
    return BoundedHttp()


@cache
def build() -> tuple[ServerGate, ManageSubscribers]:
    """Wire the use case to DynamoDB, Secrets Manager and Exotel."""
    settings, dynamodb = load(Settings), aws.client("dynamodb")
    secret = SecretsManagerSecret(aws.client("secretsmanager"), settings.accounts_secret, time.time)
    return ServerGate(secret), ManageSubscribers(
        accounts=SecretAccounts(secret),
        subscribers=DynamoSubscribers(dynamodb, settings.subscribers_table),
        devices=DynamoDevices(dynamodb, settings.subscribers_table),
        contexts=DynamoCallContexts(dynamodb, settings.call_contexts_table),
        exotel=ExotelApi(http(), time.time),
        passwords=Argon2Passwords(),
        clock=time.time,
        monotonic=time.monotonic,
        new_version=lambda: uuid.uuid4().hex,
    )


def get_subscriber(request: Request) -> Reply:
    """Show a subscriber."""
    gate, subscribers = build()
    gate.admit(request)
    found, devices = subscribers.get(request.path("accountSid"), request.path("name"))
    return Reply(SubscriberAnswer.of(found, devices).model_dump(mode="json"))


def put_subscriber(request: Request) -> Reply:
    """Create a subscriber, or change what the body names."""
    gate, subscribers = build()
    gate.admit(request)
    wanted = read(PutSubscriber, request)
    groups = None if wanted.contact_groups is None else tuple(group.to_domain() for group in wanted.contact_groups)
    change = Change(wanted.password, wanted.display_name, wanted.status, groups)
    after, devices, new = subscribers.put(request.path("accountSid"), request.path("name"), change)
    return Reply(SubscriberAnswer.of(after, devices).model_dump(mode="json"), 201 if new else 200)


def delete_subscriber(request: Request) -> Reply:
    """Delete a subscriber, here and at Exotel."""
    gate, subscribers = build()
    gate.admit(request)
    subscribers.delete(request.path("accountSid"), request.path("name"))
    return Reply(status=204)


handler = api(
    {
        f"GET {SUBSCRIBER}": get_subscriber,
        f"PUT {SUBSCRIBER}": put_subscriber,
        f"DELETE {SUBSCRIBER}": delete_subscriber,
    }
)
warm(lambda: build()[0].prepare())  # noqa: PLW0108 it is made in there, not at import
