import pytest

from cli.why.diagnosis.case import Severity
from switchboard.timeline.event import Kind
from tests.unit.why.events import GOOD, RANG, acknowledged, callback, dialled, event, findings, only, pushed, sent


def test_an_app_that_never_reports_anything_proves_nothing() -> None:
    found = only(*RANG)
    assert (found.code, found.severity) == ("nothing-reported", Severity.NOTE)


def test_a_missing_ack_counts_only_for_an_app_that_usually_sends_one() -> None:
    found = only(*RANG, earlier=[acknowledged(at=-60_000)])
    assert (found.code, found.severity) == ("not-acknowledged", Severity.PROBLEM)


def test_a_push_that_was_acknowledged_and_not_relayed() -> None:
    found = only(*RANG, acknowledged())
    assert (found.code, found.severity) == ("payload-not-relayed", Severity.PROBLEM)
    assert "bob acknowledged push_id push-1" in found.evidence
    assert "relaySessionData" in found.fix


@pytest.mark.parametrize("state", ["busy", "declined"])
def test_a_phone_that_says_busy_or_declined_need_not_relay_the_payload(state: str) -> None:
    assert "payload-not-relayed" not in findings(*RANG, acknowledged(state=state))


def test_what_the_callers_sdk_tells_does_not_stand_for_the_callees() -> None:
    callers = callback("onCallRinging", "alice")
    assert "payload-not-relayed" in findings(*RANG, acknowledged(), callers)


def test_any_event_of_the_callees_sdk_proves_that_it_knew_the_call() -> None:
    assert "nothing-reported" not in findings(*RANG, callback("onMissedCall"))
    assert "payload-not-relayed" not in findings(
        *RANG, acknowledged(), event(Kind.SDK_CDR, 9_000, "bob", state="ended")
    )


def test_a_call_that_exotel_reports_as_answered_needs_no_event_of_the_sdk() -> None:
    completed = event(Kind.EXOTEL_EVENT, 30_000, hook="passthru", call_type="completed", talk_s=20)
    assert findings(*RANG, acknowledged(), completed) == {}


def test_rejected_and_missed_calls_are_notes() -> None:
    busy = event(Kind.EXOTEL_EVENT, 30_000, hook="passthru", call_type="incomplete", dial_status="busy")
    assert only(*GOOD[:-1], busy).what == "The callee rejected the call, or was busy."
    assert "dial_status busy" in only(*GOOD[:-1], busy, callback("onCallEnded", at=31_000)).evidence
    missed = only(*GOOD[:-1], callback("onMissedCall", at=31_000))
    assert (missed.code, missed.severity) == ("call-missed", Severity.NOTE)


def test_that_nobody_answered_does_not_mean_that_it_rang() -> None:
    end = event(Kind.EXOTEL_EVENT, 30_000, hook="passthru", call_type="incomplete", dial_status="no-answer")
    unreached = dialled(), pushed(), sent("dead-token", "404 UNREGISTERED")
    assert list(findings(*unreached, end)) == ["fcm-unregistered"]
    ringing = event(Kind.EXOTEL_EVENT, 2_000, hook="agent", event="ringing")
    assert "call-missed" in findings(*RANG, ringing, end)
