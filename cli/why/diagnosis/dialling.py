"""Dial Whom: what can go wrong before anybody is called."""

from collections.abc import Iterator

from cli.why.diagnosis.case import Case, Finding, Severity, text
from switchboard.subscribers.status import LONGEST_NAME
from switchboard.timeline.event import Kind


def id_unknown(what: str) -> Finding:
    """No call has that id, and `what` cannot be a subscriber's name either."""
    return Finding(
        "id-unknown",
        Severity.PROBLEM,
        f"Nothing is known of {what}.",
        f"no call, push or session has that id, and a name has at most {LONGEST_NAME} letters and digits",
        "Give the complete id, and its stack (and --account); events are kept for LogRetentionDays. If "
        "Exotel knows a call with that CallSid, no request of it arrived here:",
    )


def no_dial_whom(case: Case) -> Iterator[Finding]:
    """Exotel sent nothing about the call, or only events: its Connect applet sent no Dial Whom request."""
    if case.dial_whom is None and not case.of(Kind.PUSH_ACCEPTED):
        kinds = sorted({str(event.kind) for event in case.events}) or ["nothing"]
        yield Finding(
            "no-dial-whom",
            Severity.PROBLEM,
            "No Dial Whom request came, so Exotel never asked whom to bridge this caller to.",
            f"what is known of the call: {', '.join(kinds)}",
            "Check that the exophone's flow has a Connect applet with our Dial Whom URL, credentials included, that "
            "the app dials this exophone, and that ExotelAddresses lets Exotel in; `switchboard doctor` tries the URL.",
        )


def callee_suspended(case: Case) -> Iterator[Finding]:
    """The callee is suspended."""
    asked = case.dial_whom
    if asked is not None and asked.details.get("route") == "callee-suspended":
        yield Finding(
            "callee-suspended",
            Severity.PROBLEM,
            "The callee is suspended, so Dial Whom answered with nobody.",
            f"caller {text(asked, 'caller')}, callee {case.callee.name if case.callee else 'not reported'}",
            "Activate them, if they should be called: `switchboard subscribers activate NAME`.",
        )


def nobody_to_dial(case: Case) -> Iterator[Finding]:
    """Dial Whom answered with nobody for a reason that no other rule explains."""
    asked = case.dial_whom
    known = ("no-context", "callee-suspended")
    if asked is not None and not asked.details.get("callee") and asked.details.get("route") not in known:
        yield Finding(
            "nobody-to-dial",
            Severity.PROBLEM,
            "Dial Whom answered with nobody.",
            f"caller {text(asked, 'caller') or 'none'}, route {text(asked, 'route') or 'none'}",
            "Look for the call in dial_whom's log; the caller's id must be a subscriber's name.",
        )
