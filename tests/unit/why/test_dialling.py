from typing import Any

import pytest

from cli.why.diagnosis.case import Severity
from switchboard.timeline.event import Kind
from tests.unit.why.events import GOOD, START, callback, dialled, event, findings, only, party, pushed


def test_a_good_call_has_no_findings() -> None:
    assert findings(*GOOD) == {}


def test_no_dial_whom_request_came() -> None:
    found = only(callback("onCallInitiated", "alice"))
    assert (found.code, found.severity) == ("no-dial-whom", Severity.PROBLEM)
    assert "sdk-callback" in found.evidence
    assert "nothing" in only().evidence


def test_there_was_no_context() -> None:
    found = only(dialled("no-context", None, waited_ms=1500))
    assert (found.code, found.severity) == ("context-missing", Severity.PROBLEM)
    assert found.what == "There was no call context of alice."
    assert "waited 1500 ms" in found.evidence


def test_the_context_came_after_dial_whom_had_given_up() -> None:
    found = only(dialled("no-context", None, waited_ms=1500, context_set_at=START + 2_500))
    assert found.code == "context-late"
    assert "2.5 s after the request" in found.evidence


def test_a_context_that_was_waited_for_is_worth_a_note() -> None:
    found = only(dialled("late-context", waited_ms=300), *GOOD[1:])
    assert (found.code, found.severity) == ("context-waited-for", Severity.NOTE)
    assert "300 ms" in found.evidence


def test_the_only_context_was_one_that_an_earlier_call_had_used() -> None:
    found = only(dialled("no-context", None, waited_ms=1500, context_set_at=START - 60_000, context_used_by="d" * 32))
    assert (found.code, found.severity) == ("context-used", Severity.PROBLEM)
    assert found.what == "alice's app delivered no call context for this call, so nobody was dialled."
    assert "set 60.0 s before the request" in found.evidence
    assert f"call {'d' * 32} had used it" in found.evidence


@pytest.mark.parametrize(("at", "when"), [(-300, "0.3 s before the request"), (400, "0.4 s after the request")])
def test_the_context_for_this_call_was_refused(at: int, when: str) -> None:
    refused: dict[str, Any] = {"context_ended_at": START + at, "context_ended_by": "unsupported_destination"}
    found = only(dialled("no-context", None, waited_ms=1500, **refused))
    assert (found.code, found.severity) == ("context-refused", Severity.PROBLEM)
    assert f"refused as unsupported_destination, {when}" in found.evidence


def test_a_missing_context_is_reported_as_deleted_or_expired() -> None:
    deleted = only(dialled("no-context", None, context_ended_at=START - 2_000, context_ended_by="deleted"))
    assert (deleted.code, "the app had deleted it, 2.0 s before" in deleted.evidence) == ("context-missing", True)
    expired = only(dialled("no-context", None, context_set_at=START - 4_000_000))
    assert (expired.code, "set 4000.0 s before the request and had expired" in expired.evidence) == (
        "context-missing",
        True,
    )


def test_the_callee_is_suspended() -> None:
    found = only(dialled("callee-suspended", None), callee=party())
    assert found.code == "callee-suspended"
    assert "callee bob" in found.evidence
    assert "not reported" in only(dialled("callee-suspended", None)).evidence


def test_that_the_callee_is_suspended_counts_though_the_context_named_them_in_the_same_moment() -> None:
    claimed, refused = dialled(context_set_at=START - 900), dialled("callee-suspended", None)
    for events in ((claimed, refused), (refused, claimed)):
        assert list(findings(*events, callee=party())) == ["callee-suspended"]


def test_a_context_that_came_too_late_counts_though_none_was_there_when_it_was_asked_for() -> None:
    late = dialled("no-context", None, context_set_at=START + 2_500)
    used: dict[str, Any] = {"context_set_at": START - 60_000, "context_used_by": "d" * 32}
    for before in (dialled("no-context", None), dialled("no-context", None, **used)):
        for reported in ((before, late), (late, before)):
            assert list(findings(*reported)) == ["context-late"]


def test_a_context_that_was_refused_too_late_counts_though_only_a_used_one_was_there_before() -> None:
    used = dialled("no-context", None, context_set_at=START - 60_000, context_used_by="d" * 32)
    refused = dialled("no-context", None, context_ended_at=START + 2_500, context_ended_by="invalid_name")
    for reported in ((used, refused), (refused, used)):
        assert list(findings(*reported)) == ["context-refused"]


def test_dial_whom_named_nobody_for_another_reason() -> None:
    assert only(dialled("unreadable", None, caller=None)).evidence == "caller none, route unreadable"


def test_a_repeated_request_does_not_hide_what_the_first_one_found() -> None:
    repeated = dialled("same-call", at=100)
    assert "context-waited-for" in findings(dialled("late-context"), repeated, *GOOD[1:])
    assert findings(repeated, *GOOD[1:]) == {}


def test_a_later_request_that_found_somebody_counts() -> None:
    assert findings(dialled("no-context", None), dialled(at=500), *GOOD[1:]) == {}


def test_a_push_without_dial_whom_stands_alone() -> None:
    found = findings(pushed(), *GOOD[2:])["push-unmatched"]
    assert found.severity is Severity.NOTE
    two = findings(pushed(), event(Kind.PUSH_CORRELATION, 1_300, correlation="ambiguous"), *GOOD[2:])
    assert "switchboard why CALLER" in two["push-ambiguous"].fix
