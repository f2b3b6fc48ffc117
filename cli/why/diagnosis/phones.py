"""Whether a callee may be called, and which of their phones a push is sent to."""

from collections.abc import Iterator, Sequence

from cli.why.diagnosis.case import Case, Finding, Party, Severity, said, text
from switchboard.subscribers.callee import SESSIONS_ENDED
from switchboard.subscribers.subscriber import Device
from switchboard.timeline.event import Event, Kind, shown
from switchboard.timeline.silence import IN_A_ROW

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
                f"phone {shown(device.key)}: {disabled}",
                f"{_LOG_IN}.",
            )
        elif disabled:
            yield Finding(
                "device-disabled",
                Severity.PROBLEM,
                "A phone is disabled: its token is of another Firebase project or iOS app than PushSecret's.",
                f"phone {shown(device.key)}: {disabled}",
                "The app and PushSecret must agree (`switchboard doctor`); then let them log in anew.",
            )


def dead_of_call(case: Case) -> Iterator[Finding]:
    """The phones that took the push are probably dead."""
    took = {event.details.get("device") for event in case.accepted}
    if case.callee is not None and not case.answered:
        yield from probably_dead(case.callee, [one for one in case.callee.devices if shown(one.key) in took])


def probably_dead(party: Party, devices: Sequence[Device]) -> Iterator[Finding]:
    """Phones that take pushes, and whose app no longer confirms them; a problem where no other phone rings."""
    dead = [device for device in devices if device.key in party.dead]
    for device in dead:
        yield Finding(
            "phone-silent",
            Severity.PROBLEM if len(dead) == len(devices) else Severity.NOTE,
            "A phone is probably dead: the push service accepts its pushes, and its app confirms none.",
            f"phone {shown(device.key)}: no ack of the last {IN_A_ROW} pushes that it took",
            "Ask the user: the app may be uninstalled, force-stopped or logged out without network, or its "
            "notifications forbidden. Once the app is started it registers anew; else DELETE S/devices/{deviceKey}.",
        )


def _ended(case: Case, outcome: str) -> list[Event]:
    return [event for event in case.of(Kind.PUSH_ENDED) if event.details.get("outcome") == outcome]
