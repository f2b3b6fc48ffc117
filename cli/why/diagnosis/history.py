"""Grades findings by severity: what has been fixed since the call is history."""

from dataclasses import replace

from cli.why.diagnosis.case import Case, Finding, Severity, Side
from switchboard.timeline.outcome import CallOutcome

_OF_PHONES = (
    *("no-device", "devices-disabled", "unsupported-token"),
    *("fcm-unregistered", "fcm-bad-token", "fcm-sender-mismatch", "apns-unregistered", "apns-topic"),
)


def graded(case: Case, side: Side, found: Finding) -> Finding:
    """Return the finding with the severity that it has now; `side` is whose call has to work for it to be fixed."""
    if found.severity is not Severity.PROBLEM:
        return found
    if case.answered:
        return replace(found, severity=Severity.NOTE)
    since = _fixed(case, side, found.code)
    return (
        replace(found, severity=Severity.HISTORY, evidence=f"{found.evidence}; since then {since}") if since else found
    )


def _fixed(case: Case, side: Side, code: str) -> str | None:
    """Return what fixed it; None if nothing is known to have."""
    profile = case.callee.profile if case.callee else None
    if code == "callee-unknown" and profile is not None:
        return "the callee was created"
    if code == "callee-suspended" and profile is not None and profile.active:
        return "the callee was activated"
    registered = _registered_since(case) if code in _OF_PHONES else None
    if registered is not None:
        return f"the callee's app registered its token, {case.written(registered)}"
    worked = _worked_since(case, side)
    return None if worked is None else f"a call of the {side} was answered, {case.written(worked)}"


def _registered_since(case: Case) -> int | None:
    """Return when a reachable phone of the callee was last registered, if that was after the call."""
    phones = case.callee.devices if case.callee else ()
    times = [phone.registered_at for phone in phones if not phone.disabled_reason]
    return max((at for at in times if case.events and at > case.events[0].at), default=None)


def _worked_since(case: Case, side: Side) -> int | None:
    """Return the start of that party's first later call that was answered."""
    ours = case.summary
    answered = [call for call in case.later if call.outcome is CallOutcome.ANSWERED]
    if side is Side.CALLER:
        times = [call.started_at for call in answered if call.caller == ours.caller]
    else:
        times = [call.started_at for call in answered if call.callee == ours.callee]
    return min((at for at in times if at is not None), default=None)
