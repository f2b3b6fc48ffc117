"""FCM's error answers: google.rpc.Status with an FcmError among its details."""

import json
from collections.abc import Sequence

from aiohttp import web

from local.simulators.fcm_schema import Violation

STATUS_WORDS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
# The errorCode that FCM sends with a status, if the fault has none. A plain 401, 403 or 404 comes from Google's front
# end, not from FCM, and has no FcmError.
USUAL_CODES = {400: "INVALID_ARGUMENT", 429: "QUOTA_EXCEEDED", 500: "INTERNAL", 503: "UNAVAILABLE"}
MESSAGES = {
    "UNREGISTERED": "Requested entity was not found.",
    "SENDER_ID_MISMATCH": "SenderId mismatch",
    "THIRD_PARTY_AUTH_ERROR": "Auth error from APNS or Web Push Service",
    "QUOTA_EXCEEDED": "Quota exceeded for quota metric 'Messages sent'.",
    "UNAVAILABLE": "The service is currently unavailable.",
    "INTERNAL": "Internal error encountered.",
    "INVALID_ARGUMENT": "Request contains an invalid argument.",
}
TYPE = "type.googleapis.com/"


def error_answer(
    status: int, code: str | None = None, violations: Sequence[Violation] = (), retry_after: int | None = None
) -> web.Response:
    """An error as FCM sends it. `code` is the errorCode of its FcmError; None leaves that detail out."""
    details: list[dict[str, object]] = []
    if code:
        details.append({"@type": f"{TYPE}google.firebase.fcm.v1.FcmError", "errorCode": code})
    if violations:
        fields = [{"field": violation.field, "description": violation.description} for violation in violations]
        details.append({"@type": f"{TYPE}google.rpc.BadRequest", "fieldViolations": fields})
    word = STATUS_WORDS.get(status, "UNKNOWN")
    message = violations[0].description if violations else MESSAGES.get(code or "", word)
    error = {"code": status, "message": message, "status": word, "details": details}
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return web.json_response({"error": error}, status=status, headers=headers)


def reason_in(answer: web.Response) -> str:
    """Return the errorCode of an answer, else its status word; "" for a success."""
    error = json.loads(answer.text or "{}").get("error")
    if not error:
        return ""
    return next((detail["errorCode"] for detail in error["details"] if "errorCode" in detail), str(error["status"]))
