"""Whether a callee may be called, and which of their phones a push is sent to."""

from collections.abc import Iterator

from cli.why.diagnosis.case import Case, Finding, Party, Severity, said, text
from switchboard.subscribers.callee import SESSIONS_ENDED
from switchboard.timeline.event import Event, Kind

_ANOTHER_PROJECT = "Their tokens belong to another app than PushSecret's: `switchboard doctor`, then log in anew."
_LOG_IN = "They must log in to the app, which then POSTs S/devicetoken"


def callee_unknown(case: Case) -> Iterator[Finding]:
    """The name is unknown, or was deleted."""
    for ended in _ended(case, "no-device"):
        if case.callee is not None and case.callee.profile is None:
            yield Finding(
                "callee-unknown",
                Severity.PROBLEM,
                f"There is no subscriber {case.callee.name}.",
                said(ended),
                "Upper and lower case matter. Create them (`switchboard subscribers add`), or fix what the app dials.",
            )


def suspended(case: Case) -> Iterator[Finding]:
    """The callee was suspended by the time of the push."""
    for ended in _ended(case, "suspended"):
        yield Finding(
            "callee-suspended",
            Severity.PROBLEM,
            "The callee was suspended when the push came, so none of their phones was rung.",
            said(ended),
            "Activate them, if they should be called (`switchboard subscribers activate NAME`); then they log in anew.",
        )


def no_device(case: Case) -> Iterator[Finding]:
    """The callee had no phone to ring."""
    for ended in _ended(case, "no-device"):
        if case.callee is not None and case.callee.profile is None:
            continue  # no subscriber at all
        disabled = (
            [device.disabled_reason for device in case.callee.devices if device.disabled_reason] if case.callee else []
        )
        if disabled:
            yield Finding(
                "devices-disabled",
                Severity.PROBLEM,
                "All of the callee's phones are disabled.",
                f"{said(ended)}; {len(disabled)} disabled: {', '.join(sorted(set(disabled)))}",
                _ANOTHER_PROJECT,
            )
        elif SESSIONS_ENDED in text(ended, "reason"):
            yield Finding(
                "sessions-ended",
                Severity.PROBLEM,
                "The callee's phones were logged out by a new password or a suspension.",
                said(ended),
                f"{_LOG_IN}.",
            )
        else:
            yield Finding(
                "no-device",
                Severity.PROBLEM,
                "The callee has no registered phone.",
                said(ended),
                f"{_LOG_IN}; tokens that FCM or APNs reports as dead are forgotten.",
            )


def unreachable(party: Party) -> Iterator[Finding]:
    """Phones that get no push for any call."""
    for device in party.devices:
        disabled = party.callee.disabled(device)
        if disabled == SESSIONS_ENDED:
            yield Finding(
                "sessions-ended",
                Severity.PROBLEM,
                "A phone was logged out by a new password or a suspension, and has not registered since.",
                f"phone {device.key[:12]}: {disabled}",
                f"{_LOG_IN}.",
            )
        elif disabled:
            yield Finding(
                "device-disabled",
                Severity.PROBLEM,
                "A phone is disabled: its token is of another Firebase project or iOS app than PushSecret's.",
                f"phone {device.key[:12]}: {disabled}",
                "The app and PushSecret must agree (`switchboard doctor`); then let them log in anew.",
            )


def _ended(case: Case, outcome: str) -> list[Event]:
    return [event for event in case.of(Kind.PUSH_ENDED) if event.details.get("outcome") == outcome]
