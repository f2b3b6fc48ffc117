"""Device tokens, contacts and the log destination: an app's requests besides calls."""

from switchboard.runtime.warm import warm

import time
import uuid
from dataclasses import dataclass
from functools import cache, lru_cache

from switchboard.aws import clients as aws
from switchboard.aws.objects import Place
from switchboard.login.gate import user_gate
from switchboard.login.sessions import UserGate
from switchboard.logs.answers import LogDestinationAnswer
from switchboard.logs.bucket import S3LogBucket
from switchboard.logs.destinations import LogDestinations
from switchboard.rate_limits.dynamodb import DynamoRateLimits
from switchboard.rate_limits.request_throttle import RequestThrottle
from switchboard.runtime.settings import load
from switchboard.subscribers.answers import ContactsAnswer, DeviceAnswer, RemovedAnswer, contacts_entry
from switchboard.subscribers.device_schema import RegisterDevice, RemoveDevice
from switchboard.subscribers.devices import NOT_YET, no_token
from switchboard.subscribers.devices_dynamodb import DynamoDevices
from switchboard.subscribers.dynamodb import DynamoSubscribers
from switchboard.subscribers.manage_devices import ContactsOf, DevicesOf
from switchboard.subscribers.subscriber import Platform, TokenType
from switchboard.web.bodies import read
from switchboard.web.http import SUBSCRIBER, Reply, api
from switchboard.web.request import Request

UPLOADS_AN_HOUR = 10  # of one subscriber; a phone uploads only on a user's request


@dataclass(frozen=True)
class Settings:
    """The environment of ManageDevicesFunction."""

    subscribers_table: str
    rate_limits_table: str
    session_secret: str
    session_hours: int
    stock_apps: str
    contacts: str
    hex_tokens: str
    log_bucket: str
    aws_endpoint_url: str = ""
    aws_endpoint_url_s3: str = ""


@cache
def settings() -> Settings:
    """Read the environment once."""
    return load(Settings)


@dataclass(frozen=True)
class Parts:
    """What a request needs."""

    gate: UserGate
    devices: DevicesOf
    contacts: ContactsOf


@cache
def build() -> Parts:
    """Wire the use cases to DynamoDB and Secrets Manager."""
    wanted, dynamodb = settings(), aws.client("dynamodb")
    subscribers = DynamoSubscribers(dynamodb, wanted.subscribers_table)
    gate = user_gate(subscribers, wanted.session_secret, wanted.session_hours, wanted.stock_apps)
    devices = DevicesOf(DynamoDevices(dynamodb, wanted.subscribers_table), time.time, TokenType(wanted.hex_tokens))
    return Parts(gate, devices, ContactsOf(subscribers, wanted.contacts == "everyone"))


@lru_cache(maxsize=2)
def uploads(kind: str) -> RequestThrottle:
    """Build the rate limit for one kind of upload."""
    attempts = DynamoRateLimits(aws.client("dynamodb"), settings().rate_limits_table)
    return RequestThrottle(attempts, time.time, kind, UPLOADS_AN_HOUR, 3600)


@lru_cache(maxsize=8)
def bucket(base: str | None) -> S3LogBucket:
    """Build the signer of upload URLs, for the bucket's host on AWS or for URLs below `base`."""
    return S3LogBucket(Place.of(settings().log_bucket, base), aws.credentials())


def bucket_for(request: Request) -> S3LogBucket:
    """Return the signer for the host that this phone can reach.

    On the local stack S3 is reached through the host to which the phone sends its requests.
    """
    host = request.header("x-forwarded-host") or request.header("host")
    if not host or not (settings().aws_endpoint_url or settings().aws_endpoint_url_s3):
        return bucket(None)
    return bucket(f"{request.header('x-forwarded-proto') or 'http'}://{host}")


def register_device(request: Request) -> Reply:
    """Register a phone for the subscriber."""
    parts = build()
    user = parts.gate.admit(request, at_once=True)  # else a phone that was just logged out could ring again
    wanted = read(RegisterDevice, request)
    if user.name is None and no_token(wanted.deviceToken):  # a stock app takes any refusal for the end of its login
        return Reply(DeviceAnswer(warning=NOT_YET))
    device = parts.devices.register(
        request.path("accountSid"),
        request.path("name"),
        wanted.deviceToken or "",
        platform=wanted.platform,
        token_type=wanted.tokenType,
        device_id=wanted.deviceId,
        environment=wanted.environment,
        bundle_id=wanted.bundleId,
        knows=wanted.knows,
        phone=user.phone or None,
        session_version=user.session_version,
    )
    return Reply(DeviceAnswer(tokenType=device.token_type))


def remove_device(request: Request) -> Reply:
    """Remove a phone. The token may be in the query, because some proxies drop the body of a DELETE."""
    parts = build()
    parts.gate.admit(request)
    token = request.query.get("deviceToken") or read(RemoveDevice, request).deviceToken
    removed = parts.devices.remove(request.path("accountSid"), request.path("name"), token)
    return Reply(RemovedAnswer(removed=removed))


def list_contacts(request: Request) -> Reply:
    """List the subscriber's contacts (contract 4)."""
    parts = build()
    parts.gate.admit(request)
    groups = parts.contacts.groups(request.path("accountSid"), request.path("name"))
    return Reply(ContactsAnswer(response=[contacts_entry(group) for group in groups]))


def log_destination(request: Request) -> Reply:
    """Return a URL to which the app can PUT one zip of logs; only iOS sends its platform (contract 4)."""
    user = build().gate.admit(request)
    platform = Platform.IOS if request.query.get("platform") == Platform.IOS else Platform.ANDROID
    account, name = request.path("accountSid"), request.path("name")
    # counted separately, so that requests without a session cannot exhaust the limit of a user with one
    uploads("log uploads" if user.name else "log uploads without a session").count(account, name)
    made = LogDestinations(time.time, lambda: uuid.uuid4().hex).make(bucket_for(request), account, name, platform)
    return Reply(LogDestinationAnswer(logDestinationURL=made.url, logDestinationFileName=made.file_name))


handler = api(
    {
        f"POST {SUBSCRIBER}/devicetoken": register_device,
        f"DELETE {SUBSCRIBER}/devicetoken": remove_device,
        f"GET {SUBSCRIBER}/contacts": list_contacts,
        f"GET {SUBSCRIBER}/logdestination": log_destination,
    }
)
warm(lambda: build().gate.prepare())  # noqa: PLW0108 it is made in there, not at import
