"""Reduces the reason of a failed delivery to one of few codes: each value of a metric's dimension costs money."""

import re

# FCM HTTP v1, ErrorCode
FCM_CODES = (
    *("UNREGISTERED", "SENDER_ID_MISMATCH", "INVALID_ARGUMENT", "QUOTA_EXCEEDED"),
    *("UNAVAILABLE", "INTERNAL", "THIRD_PARTY_AUTH_ERROR", "UNSPECIFIED_ERROR"),
)
OAUTH, CONNECTION, OTHER = "oauth", "connection", "other"
_STATUS = re.compile(r"[3-5]\d\d\b")


def error_code(reason: str) -> str:
    """Return `oauth`, else FCM's error code, else its HTTP status, else `connection` or `other`."""
    words = reason.split()
    if words[:1] == ["OAuth"]:
        return OAUTH
    for word in words:
        if word in FCM_CODES:
            return word
    if status := _STATUS.match(reason):
        return status.group()
    return CONNECTION if reason.endswith(("Timeout", "ConnectionError")) else OTHER
