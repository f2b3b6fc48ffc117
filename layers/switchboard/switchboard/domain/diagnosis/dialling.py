"""Exotel asks whom to bridge to: what can go wrong before anybody is called."""

from collections.abc import Iterator

from switchboard.domain.diagnosis.case import Case, Finding, Weight, seconds, text
from switchboard.domain.standing import LONGEST_NAME
from switchboard.domain.timeline import Kind


def id_unknown(what: str) -> Finding:
    """Nobody told us of such a call, and `what` cannot be a subscriber's name either."""
    return Finding(
        "id-unknown",
        Weight.PROBLEM,
        f"Nothing is known of {what}.",
        f"no call, push or session has that id, and a name has at most {LONGEST_NAME} letters and digits",
        "Give the id whole, and the stack (and --account) it belongs to; facts are kept for LogRetentionDays. If it is "
        "the CallSid of a call that Exotel knows, the call never reached us:",
    )


def no_dial_whom(case: Case) -> Iterator[Finding]:
    """Nothing of Exotel's is known of the call, or only events: the Connect applet never asked us."""
    if case.dial_whom is None and not case.of(Kind.PUSH_ACCEPTED):
        kinds = sorted({str(event.kind) for event in case.events}) or ["nothing"]
        yield Finding(
            "no-dial-whom",
            Weight.PROBLEM,
            "No Dial Whom request came, so Exotel never asked whom to bridge this caller to.",
            f"what is known of the call: {', '.join(kinds)}",
            "Check that the exophone's flow has a Connect applet with our Dial Whom URL, credentials included, that "
            "the app dials this exophone, and that ExotelAddresses lets Exotel in; `switchboard doctor` tries the URL.",
        )


def context_missing(case: Case) -> Iterator[Finding]:
    """Dial Whom waited, but the caller had said nowhere whom to dial."""
    asked = case.dial_whom
    if asked is None or asked.details.get("route") != "no-context":
        return
    set_at = asked.details.get("context_set_at")
    late = isinstance(set_at, int) and set_at > asked.at
    came = f"; it came {seconds(int(set_at or 0) - asked.at)} after the request" if late else ""
    yield Finding(
        "context-late" if late else "context-missing",
        Weight.PROBLEM,
        "The call context came too late." if late else f"There was no call context of {text(asked, 'caller')}.",
        f"Dial Whom waited {text(asked, 'waited_ms') or 0} ms for it{came}",
        "The app must POST S/context before it dials, or at once after: see LateContextMs. The name in the path must "
        "be the caller's own, with its case; a context older than ContextSeconds is gone.",
    )


def context_late(case: Case) -> Iterator[Finding]:
    """The context came while Dial Whom waited: close, but well."""
    asked = case.dial_whom
    if asked is not None and asked.details.get("route") == "late-context":
        yield Finding(
            "context-waited-for",
            Weight.NOTE,
            "The call context came after the call, while Dial Whom waited for it.",
            f"it waited {text(asked, 'waited_ms')} ms",
            "Let the app POST S/context before it dials: the caller hears silence meanwhile.",
        )


def context_used(case: Case) -> Iterator[Finding]:
    """The answer is that of an earlier call."""
    asked = case.dial_whom
    if asked is not None and asked.details.get("route") == "used-context":
        set_at = asked.details.get("context_set_at")
        age = f", {seconds(asked.at - set_at)} old" if isinstance(set_at, int) else ""
        yield Finding(
            "context-used",
            Weight.NOTE if case.answered else Weight.PROBLEM,
            f"The call context was a used one, so {text(asked, 'callee')} may be whom the caller dialled before.",
            f"no newer context came within {text(asked, 'waited_ms') or 0} ms; this one had answered another call{age}",
            "The app must POST S/context for each call. If that failed, its own log and call_context's say why.",
        )


def callee_suspended(case: Case) -> Iterator[Finding]:
    """The callee may not be called."""
    asked = case.dial_whom
    if asked is not None and asked.details.get("route") == "callee-suspended":
        yield Finding(
            "callee-suspended",
            Weight.PROBLEM,
            "The callee is suspended, so Dial Whom answered with nobody.",
            f"caller {text(asked, 'caller')}, callee {case.callee.name if case.callee else 'not told'}",
            "Activate them, if they should be called: `switchboard subscribers activate NAME`.",
        )


def nobody_to_dial(case: Case) -> Iterator[Finding]:
    """Dial Whom named nobody for a reason that no other rule knows."""
    asked = case.dial_whom
    known = ("no-context", "callee-suspended")
    if asked is not None and not asked.details.get("callee") and asked.details.get("route") not in known:
        yield Finding(
            "nobody-to-dial",
            Weight.PROBLEM,
            "Dial Whom answered with nobody.",
            f"caller {text(asked, 'caller') or 'none'}, route {text(asked, 'route') or 'none'}",
            "Look for the call in dial_whom's log; the caller's id must be a subscriber's name.",
        )
