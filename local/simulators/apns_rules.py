"""Apple's rules for a notification request (Sending notification requests to APNs; Handling notification responses)."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

LARGEST = {"voip": 5120}
LARGEST_OTHER = 4096
TYPES = ("alert", "background", "location", "voip", "complication", "fileprovider", "mdm", "liveactivity", "pushtotalk")
DEVICE = re.compile(r"/3/device/([^/]*)\Z")
TOKEN = re.compile(r"(?!0+\Z)[0-9a-fA-F]{64,200}\Z")  # any but zeros, which are no phone's: somebody made them up
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
TOPIC = re.compile(r"[A-Za-z0-9.-]{1,255}\Z")
LONGEST_COLLAPSE_ID = 64  # bytes


class Request(NamedTuple):
    """A request as it came; `headers` may hold a name twice."""

    method: str
    path: str
    headers: Sequence[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        """Return a header's value, or ""."""
        return dict(self.headers).get(name, "")

    @property
    def token(self) -> str:
        """The device token in the path, or ""."""
        found = DEVICE.match(self.path)
        return found[1] if found else ""

    @property
    def message(self) -> Mapping[str, Any]:
        """The body's JSON object; {} for any other body."""
        try:
            body = json.loads(self.body)
        except ValueError:
            return {}
        return body if isinstance(body, dict) else {}


def refusals_before_the_provider_token(request: Request) -> Iterator[tuple[int, str]]:
    """Yield what is wrong with a request's method, path and names of headers."""
    if request.method != "POST":
        yield 405, "MethodNotAllowed"
    if not DEVICE.match(request.path):
        yield 404, "BadPath"
    names = [name for name, _ in request.headers]
    if len(names) != len(set(names)):
        yield 400, "DuplicateHeaders"


def refusals_after_the_provider_token(request: Request, bundle_id: str) -> Iterator[tuple[int, str]]:
    """Yield what is wrong with the other headers, the size and the form of the device token."""
    yield from _headers(request)
    yield from _topic(request.header("apns-topic"), request.header("apns-push-type"), bundle_id)
    if not request.message:
        yield 400, "PayloadEmpty"
    if len(request.body) > LARGEST.get(request.header("apns-push-type"), LARGEST_OTHER):
        yield 413, "PayloadTooLarge"
    if not request.token:
        yield 400, "MissingDeviceToken"
    elif not TOKEN.match(request.token):
        yield 400, "BadDeviceToken"


def _headers(request: Request) -> Iterator[tuple[int, str]]:
    given = dict(request.headers)
    if given.get("apns-push-type") not in TYPES:
        yield 400, "InvalidPushType"
    if given.get("apns-priority", "10") not in ("1", "5", "10"):
        yield 400, "BadPriority"
    if not re.fullmatch(r"[0-9]{1,19}", given.get("apns-expiration", "0")):
        yield 400, "BadExpirationDate"
    if "apns-id" in given and not UUID.match(given["apns-id"]):
        yield 400, "BadMessageId"
    if len(given.get("apns-collapse-id", "").encode()) > LONGEST_COLLAPSE_ID:
        yield 400, "BadCollapseId"


def _topic(topic: str, kind: str, bundle_id: str) -> Iterator[tuple[int, str]]:
    if not topic:
        yield 400, "MissingTopic"
    elif not TOPIC.match(topic):
        yield 400, "BadTopic"
    elif topic.removesuffix(".voip") != bundle_id:
        yield 403, "TopicDisallowed"
    elif (kind == "voip") is not topic.endswith(".voip"):
        yield 400, "InvalidPushType"
