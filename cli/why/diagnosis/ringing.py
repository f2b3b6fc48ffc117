"""After the push service accepted the push: what can go wrong until the call is answered."""

from collections.abc import Iterator

from cli.why.diagnosis.case import Case, Finding, Severity, said
from switchboard.timeline.event import Event, Kind
from switchboard.timeline.outcome import CallOutcome, outcome_of

_APPS_WORD = (Kind.PUSH_ACKNOWLEDGED, Kind.SDK_CALLBACK, Kind.SDK_CDR)


def not_acknowledged(case: Case) -> Iterator[Finding]:
    """The push service accepted the push, and the callee's app has sent no event since."""
    if not case.accepted or case.answered or _heard_of(case) or case.known_to_callees_sdk:
        return
    talks = any(event.kind in _APPS_WORD and event.subscriber == case.summary.callee for event in case.earlier)
    yield Finding(
        "not-acknowledged" if talks else "nothing-reported",
        Severity.PROBLEM if talks else Severity.NOTE,
        "The app did not acknowledge the push, as it usually does."
        if talks
        else "The push service accepted the push; this app sends no events, so its arrival is unknown.",
        "; ".join(said(event) for event in case.accepted),
        "Usual causes: force-stopped app, battery saver, no network, notifications forbidden."
        if talks
        else "Let the app POST S/pushes/{pushId}/ack when a push arrives, and its SDK's callbacks to S/events.",
    )


def not_relayed(case: Case) -> Iterator[Finding]:
    """The app has the push, but its SDK has not reported the call. A busy phone, or a user who declines, is none."""
    refused = any(event.details.get("state") in ("busy", "declined") for event in _heard_of(case))
    if case.answered or refused or not _heard_of(case) or case.known_to_callees_sdk:
        return
    yield Finding(
        "payload-not-relayed",
        Severity.PROBLEM,
        "The app got the push, but its SDK has not reported the call: the payload was not relayed to it.",
        "; ".join(f"{event.subscriber or 'the app'} acknowledged {said(event)}" for event in _heard_of(case)),
        "On a push the app must initialise the SDK if it is not, and give it the data with relaySessionData: payload "
        "and payloadVersion unchanged, in the background too.",
    )


def not_answered(case: Case) -> Iterator[Finding]:
    """It rang and was not answered, which is no technical fault."""
    ends = {
        CallOutcome.REJECTED: "The callee rejected the call, or was busy.",
        CallOutcome.MISSED: "It rang, and nobody answered.",
    }
    if case.summary.outcome in ends and _rang(case):
        reported = [*case.of(Kind.EXOTEL_EVENT), *case.of(Kind.SDK_CDR, Kind.SDK_CALLBACK)]
        proof = next((event for event in reported if outcome_of([event]) is case.summary.outcome), reported[-1])
        yield Finding(
            f"call-{case.summary.outcome}",
            Severity.NOTE,
            ends[case.summary.outcome],
            said(proof),
            "Nothing, if the callee confirms it.",
        )


def _rang(case: Case) -> bool:
    """Whether the callee's SDK or Exotel reported that it rang. A missed call alone does not prove that."""
    signs = ("ringing", "answered", "busy")
    reported = [(event.details.get("event"), event.details.get("dial_status")) for event in case.of(Kind.EXOTEL_EVENT)]
    return case.known_to_callees_sdk or any(sign in signs for event in reported for sign in event)


def _heard_of(case: Case) -> list[Event]:
    return [event for event in case.events if event.kind is Kind.PUSH_ACKNOWLEDGED]
