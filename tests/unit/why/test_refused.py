import pytest

from cli.why.diagnosis.case import Severity
from local.simulators.apns import STATUSES
from switchboard.pushes.apns_answers import REASONS, delivery_of
from switchboard.pushes.fcm_answers import classify
from switchboard.pushes.push import Outcome
from switchboard.timeline.event import Event
from tests.unit.why.events import dialled, findings, pushed, sent


def refused(*sends: Event, **more: object) -> str:
    return next(iter(findings(dialled(), pushed(), *sends, **more)))


@pytest.mark.parametrize(
    ("status", "error_code", "field", "code"),
    [
        (404, "UNREGISTERED", "", "fcm-unregistered"),
        (400, "INVALID_ARGUMENT", "message.token", "fcm-bad-token"),
        (400, "INVALID_ARGUMENT", "message.data", "fcm-message-refused"),
        (400, "", "", "fcm-message-refused"),
        (403, "SENDER_ID_MISMATCH", "", "fcm-sender-mismatch"),
        (401, "THIRD_PARTY_AUTH_ERROR", "", "fcm-apns-auth"),
        (401, "", "", "fcm-forbidden"),
        (403, "", "", "fcm-forbidden"),
        (404, "", "", "fcm-forbidden"),
        (429, "QUOTA_EXCEEDED", "", "fcm-rate-limit"),
        (500, "INTERNAL", "", "fcm-down"),
        (503, "UNAVAILABLE", "", "fcm-down"),
    ],
)
def test_each_answer_of_fcm_is_named(status: int, error_code: str, field: str, code: str) -> None:
    delivery = classify(status, error_code, field)
    assert refused(sent(delivery.outcome, delivery.reason)) == code


@pytest.mark.parametrize("reason", REASONS)
def test_each_answer_of_apns_is_named(reason: str) -> None:
    code = refused(sent(Outcome.REJECTED, f"{STATUSES.get(reason, 503)} {reason}"))
    assert code.startswith("apns-")


@pytest.mark.parametrize(
    ("status", "reason", "code"),
    [
        (410, "Unregistered", "apns-unregistered"),
        (400, "BadDeviceToken", "apns-unregistered"),
        (400, "DeviceTokenNotForTopic", "apns-topic"),
        (403, "TopicDisallowed", "apns-topic"),
        (403, "InvalidProviderToken", "apns-credentials"),
        (403, "Forbidden", "apns-credentials"),
        (429, "TooManyProviderTokenUpdates", "apns-credentials"),
        (429, "TooManyRequests", "apns-rate-limit"),
        (500, "InternalServerError", "apns-down"),
        (503, "", "apns-down"),
        (413, "PayloadTooLarge", "apns-message-refused"),
        (400, "", "apns-message-refused"),
    ],
)
def test_the_meaning_of_apns_answers(status: int, reason: str, code: str) -> None:
    delivery = delivery_of(status, reason, timestamp=None, registered_at=0)
    assert refused(sent(delivery.outcome, delivery.reason)) == code


@pytest.mark.parametrize(
    ("outcome", "reason", "code"),
    [
        ("retry", "OAuth 503", "fcm-oauth-down"),
        ("retry", "OAuth 429", "fcm-oauth-down"),
        ("retry", "OAuth 200", "fcm-oauth-down"),
        ("configuration-fault", "OAuth 400 invalid_grant", "fcm-credentials"),
        ("configuration-fault", "PushSecret has no valid service account key", "fcm-credentials"),
        ("retry", "ReadTimeout", "fcm-no-answer"),
        ("retry", "APNs ReadTimeout", "apns-no-answer"),
        ("configuration-fault", "PushSecret has no valid APNs key", "apns-credentials"),
        ("retry", "ConnectionError", "fcm-no-answer"),
        ("retry", "no time left", "push-failed"),
        ("retry", "", "push-failed"),
    ],
)
def test_a_failure_before_fcm_is_reached_is_named(outcome: str, reason: str, code: str) -> None:
    assert refused(sent(outcome, reason)) == code


def test_a_refusal_that_a_later_try_overcame_is_worth_a_note() -> None:
    found = findings(dialled(), pushed(), sent("retry", "503 UNAVAILABLE"), sent(at=3_000))["fcm-down"]
    assert found.severity is Severity.NOTE
    assert "once, since 2025-11-21 20:00:01 UTC; a later try was accepted" in found.evidence


def test_the_evidence_counts_the_tries_and_names_the_phone() -> None:
    tries = [sent("retry", "503 UNAVAILABLE", at=at) for at in (1_200, 3_000, 5_000)]
    found = findings(dialled(), pushed(), *tries)["fcm-down"]
    assert found.severity is Severity.PROBLEM
    assert found.evidence.startswith("phone 0123456789ab android: 503 UNAVAILABLE, 3 times, since")
    assert found.evidence.endswith("the last outcome is retry")


def test_since_when_goes_back_to_the_last_push_that_the_phone_took() -> None:
    earlier = [
        sent("retry", "503 UNAVAILABLE", at=-90_000),
        sent(at=-60_000),
        sent("retry", "503 UNAVAILABLE", at=-30_000),
        sent("retry", "503 UNAVAILABLE", at=-29_000, device="another"),
        pushed(at=-31_000),
    ]
    found = findings(dialled(), pushed(), sent("retry", "503 UNAVAILABLE"), earlier=earlier)["fcm-down"]
    assert "since 2025-11-21 19:59:30 UTC" in found.evidence


def test_each_phone_has_a_finding_of_its_own() -> None:
    from cli.why.diagnosis.case import Case
    from cli.why.diagnosis.rules import diagnose

    events = [dialled(), pushed(), sent("dead-token", "404 UNREGISTERED"), sent(device="fedcba987654")]
    events += [sent("disabled", "403 SENDER_ID_MISMATCH", device="another")]
    codes = [found.code for found in diagnose(Case(events))]
    assert codes[:2] == ["fcm-unregistered", "fcm-sender-mismatch"]
