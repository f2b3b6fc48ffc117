"""Every row of the FCM table of contract 6."""

import pytest

from switchboard.pushes.fcm_answers import classify
from switchboard.pushes.push import Outcome

ROWS = [
    (200, "", "", Outcome.ACCEPTED),
    (404, "UNREGISTERED", "", Outcome.DEAD_TOKEN),
    (404, "", "", Outcome.CONFIGURATION_FAULT),
    (401, "", "", Outcome.CONFIGURATION_FAULT),
    (403, "", "", Outcome.CONFIGURATION_FAULT),
    (400, "INVALID_ARGUMENT", "message.token", Outcome.DEAD_TOKEN),
    (400, "INVALID_ARGUMENT", "message.data", Outcome.REJECTED),
    (400, "INVALID_ARGUMENT", "", Outcome.REJECTED),
    (400, "", "", Outcome.REJECTED),
    (413, "", "", Outcome.REJECTED),
    (302, "", "", Outcome.REJECTED),
    (403, "SENDER_ID_MISMATCH", "", Outcome.DISABLED),
    (401, "THIRD_PARTY_AUTH_ERROR", "", Outcome.CONFIGURATION_FAULT),
    (429, "QUOTA_EXCEEDED", "", Outcome.RETRY),
    (500, "INTERNAL", "", Outcome.RETRY),
    (503, "UNAVAILABLE", "", Outcome.RETRY),
]


@pytest.mark.parametrize(("status", "error_code", "field", "outcome"), ROWS)
def test_each_answer_has_one_meaning(status: int, error_code: str, field: str, outcome: Outcome) -> None:
    assert classify(status, error_code, field).outcome is outcome


def test_the_reason_is_what_fcm_said() -> None:
    assert classify(403, "SENDER_ID_MISMATCH").reason == "403 SENDER_ID_MISMATCH"
    assert classify(400, "INVALID_ARGUMENT", "message.data").reason == "400 INVALID_ARGUMENT message.data"
    assert classify(404).reason == "404"


@pytest.mark.parametrize(
    ("status", "header", "wait"),
    [(429, None, 60.0), (429, 7.0, 7.0), (429, 0.0, 0.0), (503, None, None), (503, 2.0, 2.0)],
)
def test_a_retry_waits_as_long_as_fcm_asks_and_a_minute_when_its_quota_is_used_up(
    status: int, header: float | None, wait: float | None
) -> None:
    assert classify(status, retry_after=header).retry_after == wait
