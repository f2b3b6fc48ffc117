"""Maps FCM's responses to outcomes (contract 6; FCM HTTP v1 error codes)."""

from switchboard.pushes.push import Delivery, Outcome

QUOTA_SECONDS = 60.0  # FCM: how long to wait after a 429 without Retry-After
_TOKEN_FIELDS = ("message.token", "message.fid")
_OK = range(200, 300)
_MAY_PASS = range(500, 600)


def classify(status: int, error_code: str = "", field: str = "", retry_after: float | None = None) -> Delivery:
    """Return the outcome of a send with the response status `status`.

    `error_code` is the errorCode of an FcmError detail, `field` the invalid field by FCM, `retry_after` the header of
    that name in seconds.
    """
    reason = f"{status} {error_code}".strip()
    if status in _MAY_PASS:
        return Delivery(Outcome.RETRY, reason, retry_after)
    if status == 429:
        return Delivery(Outcome.RETRY, reason, QUOTA_SECONDS if retry_after is None else retry_after)
    return Delivery(_settled(status, error_code, field), reason if not field else f"{reason} {field}")


def _settled(status: int, error_code: str, field: str) -> Outcome:
    match status, error_code:
        case _ if status in _OK:
            return Outcome.ACCEPTED
        case (404, "UNREGISTERED"):
            return Outcome.DEAD_TOKEN
        case (400, _) if field in _TOKEN_FIELDS:
            return Outcome.DEAD_TOKEN
        case (403, "SENDER_ID_MISMATCH"):
            return Outcome.DISABLED
        case (401 | 403 | 404, _):
            return Outcome.CONFIGURATION_FAULT
        case _:
            return Outcome.REJECTED
