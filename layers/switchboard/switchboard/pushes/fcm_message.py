"""Builds the FCM message that makes a phone ring, and parses FCM's response (contract 6)."""

import time
from collections.abc import Iterable, Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from requests import Response

from switchboard.pushes.cancel import Cancel
from switchboard.pushes.fcm_answers import classify
from switchboard.pushes.missed_call import MissedCall, Pushed
from switchboard.pushes.payload import LARGEST_DATA, size_of
from switchboard.pushes.push import Delivery, Push, fitting
from switchboard.subscribers.subscriber import Device, Platform, TokenType

VALIDATED_ONLY = b'{"validateOnly":true,"message":{"topic":"switchboard-doctor"}}'
_TITLE = "Incoming call"
_MISSED_TITLE = "Missed call"
_MISSED_SECONDS = 86_400  # how long FCM keeps a missed-call message for a phone that is off
_FCM_ERROR = "google.firebase.fcm.v1.FcmError"
_NOT_A_TOKEN = "not a valid FCM registration token"  # noqa: S105 how FCM names message.token without a field violation


def message(push: Pushed, device: Device, *, expires_at_ms: int, now_ms: int) -> dict[str, Any]:
    """Return FCM's message. For an unknown platform it has the blocks of both; FCM uses the one of the phone."""
    if isinstance(push, MissedCall):
        return _missed(push, device, now_ms)
    if isinstance(push, Cancel):
        return _cancel(push, device, expires_at_ms, now_ms)
    return _ringing(push, device, expires_at_ms, now_ms)


def _ringing(push: Push, device: Device, expires_at_ms: int, now_ms: int) -> dict[str, Any]:
    data = push.data(sent_at=now_ms, expires_at=expires_at_ms)
    made = _addressed(device, fitting(data, lambda left: size_of(left) <= LARGEST_DATA), "call")
    if device.platform is not Platform.IOS:
        made["android"] = _android(expires_at_ms - now_ms)
    if device.platform is not Platform.ANDROID:
        aps = {"alert": {"title": _TITLE}, "sound": "default", "content-available": 1}
        made["apns"] = _apns(aps, expires_at_ms // 1000, push.call_uuid)
    return made


def _cancel(cancel: Cancel, device: Device, expires_at_ms: int, now_ms: int) -> dict[str, Any]:
    """Return the message that stops the ringing: on iOS an alert without sound in place of the invite's."""
    made = _addressed(device, cancel.data(device), "cancel")
    if device.platform is not Platform.IOS:
        made["android"] = _android(expires_at_ms - now_ms)
    if device.platform is not Platform.ANDROID:
        aps = {"alert": {"title": cancel.title}, "content-available": 1}
        made["apns"] = _apns(aps, expires_at_ms // 1000, cancel.invites[device.key].call_uuid)
    return made


def _android(remaining_ms: int) -> dict[str, str]:
    """Return the Android block of a message that is of use for so long."""
    return {"priority": "HIGH", "ttl": f"{max(0, remaining_ms) // 1000}s"}


def _missed(missed: MissedCall, device: Device, now_ms: int) -> dict[str, Any]:
    """Return the message about a missed call: data for Android's app, an alert for iOS; neither rings."""
    made = _addressed(device, missed.data(), "missed")
    if device.platform is not Platform.IOS:
        made["android"] = {"priority": "HIGH", "ttl": f"{_MISSED_SECONDS}s"}
    if device.platform is not Platform.ANDROID:
        aps = {"alert": {"title": _MISSED_TITLE, "body": missed.caller}}
        made["apns"] = _apns(aps, now_ms // 1000 + _MISSED_SECONDS)
    return made


def _addressed(device: Device, data: dict[str, str], label: str) -> dict[str, Any]:
    """Return the part for both platforms; `label` groups messages in FCM's delivery reports."""
    address = "fid" if device.token_type is TokenType.FID else "token"
    return {address: device.token, "data": data, "fcmOptions": {"analyticsLabel": label}}


def _apns(aps: dict[str, Any], expires_at: int, call_uuid: str = "") -> dict[str, Any]:
    """Return the APNs block. FCM puts the data at the root of userInfo, where the iOS app reads it."""
    headers = {"apns-priority": "10", "apns-push-type": "alert", "apns-expiration": str(expires_at)}
    if call_uuid:
        headers["apns-collapse-id"] = call_uuid
    return {"headers": headers, "payload": {"aps": aps}}


def delivery_of(response: Response) -> Delivery:
    """Return the outcome of a send from FCM's response."""
    error = _error(response)
    details = [detail for detail in _list(error.get("details")) if isinstance(detail, dict)]
    return classify(
        response.status_code,
        error_code=next(_error_codes(details), ""),
        field=_field(error, details),
        retry_after=seconds(response.headers.get("Retry-After", ""), time.time()),
    )


def seconds(retry_after: str, now: float) -> float | None:
    """Return the seconds in a Retry-After header, a number or a date (RFC 9110); None for an invalid one."""
    text = retry_after.strip()
    if text.isdecimal():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now)
    except (ValueError, TypeError):
        return None


def _error(response: Response) -> Mapping[str, Any]:
    if response.status_code < 400:
        return {}
    try:
        error = response.json()["error"]
    except (ValueError, KeyError, TypeError):
        return {}
    return error if isinstance(error, dict) else {}


def _error_codes(details: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    return (str(d.get("errorCode", "")) for d in details if str(d.get("@type", "")).endswith(_FCM_ERROR))


def _field(error: Mapping[str, Any], details: Iterable[Mapping[str, Any]]) -> str:
    for detail in details:
        for violation in _list(detail.get("fieldViolations")):
            if isinstance(violation, dict) and violation.get("field"):
                return str(violation["field"])
    return "message.token" if _NOT_A_TOKEN in str(error.get("message", "")) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
