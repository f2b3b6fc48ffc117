"""GET, PUT, DELETE of a subscriber, for the customer's server; a subscriber's devices, also for the user."""

from switchboard.runtime.warm import warm

import time
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from switchboard.aws import clients as aws
from switchboard.aws.secrets import SecretsManagerSecret
from switchboard.calls.dynamodb import DynamoCallContexts
from switchboard.erasure.erasures_dynamodb import DynamoErasures, new_key
from switchboard.exotel.accounts_secret import SecretAccounts
from switchboard.exotel.bounded_http import BoundedHttp
from switchboard.exotel.client import ExotelApi
from switchboard.foundation.errors import AwsError, InvalidFieldError, UnavailableError
from switchboard.login.gate import user_gate
from switchboard.login.passwords import Argon2Passwords
from switchboard.provisioning.manage_subscribers import Change, ManageSubscribers
from switchboard.provisioning.schema import PutSubscriber, SubscriberAnswer
from switchboard.provisioning.server_gate import OwnerGate, ServerGate
from switchboard.pushes.stopping import best_effort, stop_ringing
from switchboard.runtime.log import logger, named
from switchboard.runtime.settings import load
from switchboard.subscribers.callee import Callee
from switchboard.subscribers.device_schema import DevicesAnswer
from switchboard.subscribers.devices_dynamodb import DynamoDevices
from switchboard.subscribers.dynamodb import DynamoSubscribers
from switchboard.subscribers.manage_devices import DevicesOf
from switchboard.timeline.find_silent import FindSilent
from switchboard.timeline.sent_pushes_dynamodb import DynamoSentPushes
from switchboard.web.bodies import read
from switchboard.web.http import SUBSCRIBER, Reply, api
from switchboard.web.request import Request

LOOK_SECONDS = 2.0  # into the history, for phones that are probably dead


@dataclass(frozen=True)
class Settings:
    """The environment of ManageSubscribersFunction."""

    subscribers_table: str
    call_contexts_table: str
    erasures_table: str
    calls_table: str
    accounts_secret: str
    session_secret: str
    session_hours: int


@cache
def http() -> BoundedHttp:
    """Build the HTTP client, which reuses its connections between invocations."""
    return BoundedHttp()


@dataclass(frozen=True)
class Parts:
    """What a request needs: who may ask for a subscriber or its devices, and what answers."""

    server: ServerGate
    subscribers: ManageSubscribers
    owners: OwnerGate
    devices: DevicesOf
    silent: FindSilent


@cache
def build() -> Parts:
    """Wire the use cases to DynamoDB, Secrets Manager and Exotel, each behind its gate."""
    settings, dynamodb = load(Settings), aws.client("dynamodb")
    secret = SecretsManagerSecret(aws.client("secretsmanager"), settings.accounts_secret, time.time)
    subscribers = DynamoSubscribers(dynamodb, settings.subscribers_table)
    devices = DynamoDevices(dynamodb, settings.subscribers_table)
    server = ServerGate(secret)
    users = user_gate(subscribers, settings.session_secret, settings.session_hours, "deny")
    manage_subscribers = ManageSubscribers(
        accounts=SecretAccounts(secret),
        subscribers=subscribers,
        devices=devices,
        contexts=DynamoCallContexts(dynamodb, settings.call_contexts_table),
        erasures=DynamoErasures(dynamodb, settings.erasures_table, time.time, new_key),
        exotel=ExotelApi(http(), time.time),
        passwords=Argon2Passwords(),
        clock=time.time,
        monotonic=time.monotonic,
        new_version=lambda: uuid.uuid4().hex,
        suspended=suspended,
    )
    once = aws.client("dynamodb", connect=0.3, read=0.7, tries=1)
    pushes = DynamoSentPushes(once, settings.calls_table, time.time)
    silent = FindSilent(pushes, time.time, monotonic=time.monotonic, seconds=LOOK_SECONDS)
    return Parts(server, manage_subscribers, OwnerGate(users, server), DevicesOf(devices, time.time), silent)


def suspended(account: str, name: str) -> None:
    """Stop the phones that ring. They are named here: a deletion removes them."""
    with best_effort():
        devices = build().devices.devices.of(account, name)
        stop_ringing().gone(account, name, devices)


def get_subscriber(request: Request) -> Reply:
    """Show a subscriber."""
    parts = build()
    parts.server.admit(request)
    found, devices = parts.subscribers.get(request.path("accountSid"), request.path("name"))
    return Reply(SubscriberAnswer.of(found, devices).model_dump(mode="json"))


def put_subscriber(request: Request) -> Reply:
    """Create a subscriber, or change the fields in the body."""
    parts = build()
    parts.server.admit(request)
    wanted = read(PutSubscriber, request)
    groups = None if wanted.contact_groups is None else tuple(group.to_domain() for group in wanted.contact_groups)
    change = Change(wanted.password, wanted.display_name, wanted.status, groups)
    after, devices, new = parts.subscribers.put(request.path("accountSid"), request.path("name"), change)
    return Reply(SubscriberAnswer.of(after, devices).model_dump(mode="json"), 201 if new else 200)


def delete_subscriber(request: Request) -> Reply:
    """Delete a subscriber, here and at Exotel; what is stored of the user is erased in the background."""
    parts = build()
    parts.server.admit(request)
    keeps = _yes(request.query.get("pseudonymise", "false"))
    erasure = parts.subscribers.delete(request.path("accountSid"), request.path("name"), pseudonymise=keeps)
    request.notes["erasure"] = erasure
    return Reply(status=204, headers={"Erasure-Id": erasure})


def list_devices(request: Request) -> Reply:
    """List the subscriber's phones, without their tokens."""
    parts = build()
    parts.owners.admit(request)
    account, name = request.path("accountSid"), request.path("name")
    callee = parts.devices.callee(account, name)
    return Reply(DevicesAnswer.of(callee, probably_dead(account, name, callee)).model_dump())


def probably_dead(account: str, name: str, callee: Callee) -> Collection[str] | None:
    """Return the keys of the phones that take pushes and confirm none; None if the Calls table does not tell."""
    try:
        return build().silent(account, name, callee.ringing)
    except (AwsError, UnavailableError) as fault:
        logger.warning("not judged", extra={"fault": named(fault)})
        return None


def delete_device(request: Request) -> Reply:
    """Remove one of the subscriber's phones."""
    parts = build()
    parts.owners.admit(request)
    parts.devices.remove_key(request.path("accountSid"), request.path("name"), request.path("deviceKey"))
    return Reply(status=204)


def _yes(text: str) -> bool:
    if text not in ("true", "false"):
        raise InvalidFieldError("invalid_field", "pseudonymise must be true or false", field="pseudonymise")
    return text == "true"


handler = api(
    {
        f"GET {SUBSCRIBER}": get_subscriber,
        f"PUT {SUBSCRIBER}": put_subscriber,
        f"DELETE {SUBSCRIBER}": delete_subscriber,
        f"GET {SUBSCRIBER}/devices": list_devices,
        f"DELETE {SUBSCRIBER}/devices/{{deviceKey}}": delete_device,
    }
)
warm(lambda: build().owners.prepare())  # noqa: PLW0108 it is made in there, not at import
