"""Reduces the reason of a failed delivery to one of few codes: each value of a metric's dimension costs money."""

import re

from switchboard.pushes.apns_answers import REASONS as APNS_REASONS

# FCM HTTP v1, ErrorCode
FCM_CODES = (
    *("UNREGISTERED", "SENDER_ID_MISMATCH", "INVALID_ARGUMENT", "QUOTA_EXCEEDED"),
    *("UNAVAILABLE", "INTERNAL", "THIRD_PARTY_AUTH_ERROR", "UNSPECIFIED_ERROR"),
)
OAUTH, CONNECTION, OTHER = "oauth", "connection", "other"
# the ends of the names that requests and httpx give to an error of the connection
_NO_ANSWER = ("Timeout", "TimeoutError", "ConnectionError", "ConnectError", "ReadError", "WriteError", "ProtocolError")
_STATUS = re.compile(r"[3-5]\d\d\b")


def error_code(reason: str) -> str:
    """Return `oauth`, else FCM's or APNs' code, else the HTTP status, else `connection` or `other`."""
    words = reason.split()
    if words[:1] == ["OAuth"]:
        return OAUTH
    for word in words:
        if word in FCM_CODES or word in APNS_REASONS:
            return word
    if status := _STATUS.match(reason):
        return status.group()
    return CONNECTION if reason.endswith(_NO_ANSWER) else OTHER
