"""The demo data of every local stack. Scripts rely on these values: do not change them."""

import base64
import hashlib
from dataclasses import dataclass, replace

ACCOUNT = "demo1m"
EXOPHONE = "08040408080"
PASSWORD = "switchboard"  # noqa: S105 - public, for this machine only
SERVER_KEY = "local-server-key"
WEBHOOK_USER = "exotel"
WEBHOOK_PASSWORD = "local-webhook-token"  # noqa: S105 - the same
WEBHOOK_PATH = "local-hook"
API_KEY, API_TOKEN = "local-exotel-key", "local-exotel-token"
SDK_HOST = "https://miles.apac-sg.exotel.in/v2"
VOIP = "apns-voip"
ACCOUNTS = {ACCOUNT: (API_KEY, API_TOKEN)}


@dataclass(frozen=True)
class Phone:
    """A device with its push token; an iOS device id is a UUID (contract 4). FCM gave out a token without a type."""

    platform: str
    device_id: str
    token: str
    token_type: str | None = None

    @property
    def registration(self) -> dict[str, str]:
        """The body with which its app registers it."""
        device = {"deviceToken": self.token, "platform": self.platform, "deviceId": self.device_id}
        return device | ({"tokenType": self.token_type} if self.token_type else {})


@dataclass(frozen=True)
class Subscriber:
    """A demo subscriber and their phones."""

    name: str
    phones: tuple[Phone, ...]


def _phone(owner: str, platform: str) -> Phone:
    """A phone whose ids are the same in each run, in the forms of Android and iOS."""
    seed = hashlib.sha512(f"{owner} {platform}".encode())
    written = seed.hexdigest()
    uuid = f"{written[:8]}-{written[8:12]}-{written[12:16]}-{written[16:20]}-{written[20:32]}".upper()
    token = base64.urlsafe_b64encode(seed.digest()).decode().rstrip("=")
    return Phone(platform, uuid if platform == "ios" else written[:15], f"{token[:22]}:APA91b{token[22:]}")


def _voip_phone(owner: str) -> Phone:
    """An iPhone whose app uses PushKit; its token is of APNs: 64 hex digits, as today's are."""
    return replace(_phone(owner, "ios"), token=hashlib.sha256(owner.encode()).hexdigest(), token_type=VOIP)


SUBSCRIBERS = (
    Subscriber("alice", (_phone("alice", "android"),)),
    Subscriber("bob", (_phone("bob", "android"),)),
    Subscriber("carol", (_phone("carol", "ios"),)),
    Subscriber("dave", (_phone("dave", "android"), _phone("dave", "ios"))),
    Subscriber("erin", ()),
    Subscriber("frank", (_voip_phone("frank"),)),
)


def seeded_phones(name: str) -> tuple[Phone, ...]:
    """The phones that a subscriber of the demo has from the start."""
    return next((subscriber.phones for subscriber in SUBSCRIBERS if subscriber.name == name), ())


def phone(name: str, number: int) -> Phone:
    """A subscriber's phone by its number from 0: first the demo's, then by turns an Android phone and an iPhone."""
    seeded = seeded_phones(name)
    if number < len(seeded):
        return seeded[number]
    owner = f"{name} {number}" if number else name
    return _phone(owner, "android") if number % 2 == 0 else _voip_phone(owner)


def first_phone(name: str) -> Phone:
    """The phone that a subscriber calls from; for a name outside the demo an Android phone."""
    return phone(name, 0)
