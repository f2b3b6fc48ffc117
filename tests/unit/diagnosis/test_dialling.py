from switchboard.domain.diagnosis.case import Weight
from switchboard.domain.timeline import Kind
from tests.unit.diagnosis.facts import GOOD, START, callback, dialled, fact, findings, only, party, pushed


def test_a_good_call_has_no_findings() -> None:
    assert findings(*GOOD) == {}


def test_no_dial_whom_request_came() -> None:
    found = only(callback("onCallInitiated", "alice"))
    assert (found.code, found.weight) == ("no-dial-whom", Weight.PROBLEM)
    assert "sdk-callback" in found.evidence
    assert "nothing" in only().evidence


def test_there_was_no_context() -> None:
    found = only(dialled("no-context", None, waited_ms=1500))
    assert (found.code, found.weight) == ("context-missing", Weight.PROBLEM)
    assert found.what == "There was no call context of alice."
    assert "waited 1500 ms" in found.evidence


def test_the_context_came_after_dial_whom_had_given_up() -> None:
    found = only(dialled("no-context", None, waited_ms=1500, context_set_at=START + 2_500))
    assert found.code == "context-late"
    assert "2.5 s after the request" in found.evidence


def test_a_context_that_was_waited_for_is_worth_a_note() -> None:
    found = only(dialled("late-context", waited_ms=300), *GOOD[1:])
    assert (found.code, found.weight) == ("context-waited-for", Weight.NOTE)
    assert "300 ms" in found.evidence


def test_a_used_context_may_name_the_wrong_callee() -> None:
    asked = dialled("used-context", context_set_at=START - 60_000)
    found = findings(asked, *GOOD[1:-1])["context-used"]
    assert found.weight is Weight.PROBLEM
    assert "60.0 s old" in found.evidence
    assert findings(asked, *GOOD[1:])["context-used"].weight is Weight.NOTE
    assert "old" not in findings(dialled("used-context"), *GOOD[1:])["context-used"].evidence


def test_the_callee_is_suspended() -> None:
    found = only(dialled("callee-suspended", None), callee=party())
    assert found.code == "callee-suspended"
    assert "callee bob" in found.evidence
    assert "not told" in only(dialled("callee-suspended", None)).evidence


def test_that_the_callee_is_suspended_counts_though_the_context_named_them_in_the_same_moment() -> None:
    claimed, refused = dialled(context_set_at=START - 900), dialled("callee-suspended", None)
    for facts in ((claimed, refused), (refused, claimed)):
        assert list(findings(*facts, callee=party())) == ["callee-suspended"]


def test_a_context_that_came_too_late_counts_though_none_was_there_when_it_was_asked_for() -> None:
    facts = dialled("no-context", None), dialled("no-context", None, context_set_at=START + 2_500)
    for told in (facts, facts[::-1]):
        assert list(findings(*told)) == ["context-late"]


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
    assert found.weight is Weight.NOTE
    two = findings(pushed(), fact(Kind.PUSH_JOIN, 1_300, mark="ambiguous"), *GOOD[2:])
    assert "switchboard why CALLER" in two["push-ambiguous"].mend
