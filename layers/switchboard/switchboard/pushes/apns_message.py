"""Builds the notification request that makes an iPhone ring or shows an alert (contract 6)."""

import json
import uuid
from collections.abc import Mapping
from typing import Any, NamedTuple

from switchboard.pushes.cancel import Cancel
from switchboard.pushes.missed_call import MissedCall, Pushed
from switchboard.pushes.push import Push, fitting
from switchboard.subscribers.subscriber import Device, TokenType

LARGEST = {TokenType.APNS_VOIP: 5120, TokenType.APNS: 4096}  # bytes of the body
MISSED_SECONDS = 86_400  # how long APNs keeps a missed-call message for a phone that is off
_TITLE, _MISSED_TITLE = "Incoming call", "Missed call"
_REQUESTS = uuid.UUID("1d0b9f3a-52c1-5f57-8f0f-4f7a3c3a6f10")  # the namespace of apns-id


class Notification(NamedTuple):
    """A request's headers, without the provider token, and its body."""

    headers: Mapping[str, str]
    body: bytes


def notification(push: Pushed, device: Device, bundle_id: str, *, expires_at_ms: int, now_ms: int) -> Notification:
    """Return the request for the device's kind of token; ours among the data are left out where they do not fit."""
    voip = device.token_type is TokenType.APNS_VOIP
    headers = {
        "apns-topic": f"{bundle_id}.voip" if voip else bundle_id,
        "apns-push-type": "voip" if voip else "alert",
        "apns-priority": "10",
        "apns-expiration": "0" if voip else str(_expires_at(push, expires_at_ms, now_ms)),
        "apns-id": str(uuid.uuid5(_REQUESTS, f"{push.type} {push.push_id} {device.key}")),
    }
    if call_uuid := _call_uuid(push, device):
        headers["apns-collapse-id"] = call_uuid
    around = {} if voip else _alert(push)
    data = _data(push, device, expires_at_ms, now_ms)
    largest = LARGEST[device.token_type]
    return Notification(headers, _json(around | fitting(data, lambda left: len(_json({**around, **left})) <= largest)))


def _call_uuid(push: Pushed, device: Device) -> str:
    if isinstance(push, Cancel):
        return push.invites[device.key].call_uuid
    return push.call_uuid if isinstance(push, Push) else ""


def _data(push: Pushed, device: Device, expires_at_ms: int, now_ms: int) -> Mapping[str, str]:
    if isinstance(push, Cancel):
        return push.data(device)
    return push.data() if isinstance(push, MissedCall) else push.data(sent_at=now_ms, expires_at=expires_at_ms)


def _expires_at(push: Pushed, expires_at_ms: int, now_ms: int) -> int:
    return now_ms // 1000 + MISSED_SECONDS if isinstance(push, MissedCall) else expires_at_ms // 1000


def _alert(push: Pushed) -> dict[str, Any]:
    """Return what goes around the data. Flutter's messaging plugin drops a message without `gcm.message_id`."""
    if isinstance(push, MissedCall):
        aps: dict[str, Any] = {"alert": {"title": _MISSED_TITLE, "body": push.caller}, "content-available": 1}
    elif isinstance(push, Cancel):
        aps = {"alert": {"title": push.title}, "content-available": 1}
    else:
        aps = {"alert": {"title": _TITLE}, "sound": "default", "content-available": 1}
    message_id = f"cancel-{push.push_id}" if isinstance(push, Cancel) else push.push_id
    return {"aps": aps, "gcm.message_id": message_id}


def _json(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
