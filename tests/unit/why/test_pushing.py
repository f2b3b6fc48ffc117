from cli.why.diagnosis.case import Severity
from switchboard.subscribers.subscriber import Status, TokenType
from switchboard.timeline.event import Kind
from tests.unit.why.events import (
    CALL,
    PUSH,
    RANG,
    callback,
    dialled,
    ended,
    event,
    findings,
    only,
    party,
    phone,
    pushed,
    sent,
)


def test_no_push_came_although_dial_whom_named_somebody() -> None:
    found = only(dialled())
    assert (found.code, found.severity) == ("no-push", Severity.PROBLEM)
    assert "bob (context)" in found.evidence


def test_a_push_that_fits_two_calls_is_pointed_to() -> None:
    found = only(dialled(), loose_pushes=["push-8", "push-9"])
    assert (found.code, found.severity) == ("push-loose", Severity.NOTE)
    assert "switchboard why push-8" in found.fix


def test_a_callee_whose_sdk_is_online_needs_no_push() -> None:
    assert findings(dialled(), callback("onCallRinging")) == {}


def test_a_call_that_was_answered_without_a_push_is_worth_a_note() -> None:
    assert only(dialled(), event(Kind.EXOTEL_EVENT, hook="passthru", call_type="completed")).severity is Severity.NOTE


def test_the_callee_is_unknown() -> None:
    found = only(dialled(), pushed(), ended("no-device"), callee=party(known=False))
    assert (found.code, found.what) == ("callee-unknown", "There is no subscriber bob.")


def test_the_callee_has_no_device() -> None:
    assert only(dialled(), pushed(), ended("no-device"), callee=party()).code == "no-device"
    assert only(dialled(), pushed(), ended("no-device")).code == "no-device"


def test_all_of_the_callees_devices_are_disabled() -> None:
    disabled = phone(disabled_reason="403 SENDER_ID_MISMATCH")
    found = only(dialled(), pushed(), ended("no-device"), callee=party(disabled))
    assert found.code == "devices-disabled"
    assert "1 disabled: 403 SENDER_ID_MISMATCH" in found.evidence


def test_a_token_of_a_service_that_is_not_set_up_cannot_be_reached() -> None:
    apns = sent("unsupported-token", TokenType.APNS, device="apns0")
    assert only(dialled(), pushed(), apns).severity is Severity.PROBLEM
    assert findings(*RANG, apns)["unsupported-token"].severity is Severity.NOTE


def test_a_push_that_was_too_old_when_it_came_out_of_the_queue() -> None:
    found = only(dialled(), pushed(), ended("stale", at=32_000))
    assert found.code == "push-stale"
    assert found.evidence.startswith("given up 31.0 s after Exotel's push")
    assert findings(dialled(), ended("stale"))["push-stale"].evidence.startswith("given up after the ring time")


def test_a_push_whose_next_try_would_come_too_late() -> None:
    found = findings(dialled(), pushed(), sent("too-late", "429 QUOTA_EXCEEDED"))
    assert list(found) == ["fcm-rate-limit", "push-too-late"]


def test_a_dead_letter_shows_its_reason() -> None:
    letters = {PUSH: "400 INVALID_ARGUMENT", CALL: ""}
    found = findings(dialled(), pushed(), dead_letters={PUSH: letters[PUSH]})
    assert found["dead-letter"].evidence == "push push-1: 400 INVALID_ARGUMENT"
    assert "the function crashed" in findings(dialled(), pushed(), dead_letters={PUSH: ""})["dead-letter"].evidence


def test_a_push_service_that_was_slow_is_worth_a_note() -> None:
    slow = findings(dialled(), pushed(), sent(latency_ms=4_200))["push-slow"]
    assert slow.severity is Severity.NOTE
    assert "4.2 s" in slow.what


def test_a_push_that_was_settled_and_then_redriven_did_not_wait_in_the_queue() -> None:
    assert "push-stale" in findings(dialled(), pushed(), ended("stale", at=40_000))
    for outcome in ("rejected", "configuration-fault", "accepted"):
        assert "push-stale" not in findings(dialled(), pushed(), sent(outcome), ended("stale", at=90_000))


def test_a_callee_who_was_suspended_when_the_push_came() -> None:
    found = only(dialled(), pushed(), ended("suspended"), callee=party(phone(), status=Status.INACTIVE))
    assert (found.code, found.severity) == ("callee-suspended", Severity.PROBLEM)
    assert "subscribers activate" in found.fix


def test_a_callee_whose_phones_were_logged_out_by_a_new_password() -> None:
    found = only(dialled(), pushed(), ended("no-device", reason="sessions-ended"), callee=party(phone(version="v0")))
    assert found.code == "sessions-ended"
    assert "log in" in found.fix


def test_a_callee_who_was_deleted_is_unknown_though_a_phone_was_left_behind() -> None:
    assert only(dialled(), pushed(), ended("no-device"), callee=party(phone(), known=False)).code == "callee-unknown"
