"""Why Dial Whom found no call context: what the caller's app sent, or did not send, for this call."""

from collections.abc import Iterator

from cli.why.diagnosis.case import Case, Finding, Severity, seconds, text
from switchboard.calls.context import DELETED
from switchboard.timeline.event import Event


def context_missing(case: Case) -> Iterator[Finding]:
    """The caller had no context, or only one that had ended or expired."""
    asked = _asked_in_vain(case)
    if asked is None or _came_late(asked) or text(asked, "context_used_by") or _refused(asked):
        return
    yield Finding(
        "context-missing",
        Severity.PROBLEM,
        f"There was no call context of {text(asked, 'caller')}.",
        _waited(asked) + _what_was_there(asked),
        "The app must POST S/context before it dials, or at once after: see LateContextMs. The name in the path must "
        "be the caller's own, in the same case; a context expires after ContextSeconds.",
    )


def context_late(case: Case) -> Iterator[Finding]:
    """The context arrived after Dial Whom had answered."""
    asked = _asked_in_vain(case)
    if asked is not None and _came_late(asked):
        yield Finding(
            "context-late",
            Severity.PROBLEM,
            "The call context came too late.",
            f"{_waited(asked)}; it came {seconds(_when(asked, 'context_set_at') - asked.at)} after the request",
            "The app must POST S/context before it dials, or at once after: see LateContextMs. Check the phone's "
            "network, and how long call_context took (took_ms in its log).",
        )


def context_used(case: Case) -> Iterator[Finding]:
    """The only context had answered an earlier call: the app's POST for this call did not arrive."""
    asked = _asked_in_vain(case)
    if asked is not None and text(asked, "context_used_by") and not _came_late(asked):
        yield Finding(
            "context-used",
            Severity.PROBLEM,
            f"{text(asked, 'caller')}'s app delivered no call context for this call, so nobody was dialled.",
            f"{_waited(asked)}; the last context was set {seconds(asked.at - _when(asked, 'context_set_at'))} before "
            f"the request, and call {text(asked, 'context_used_by')} had used it",
            "The app must POST S/context for each call, and repeat the POST where it gets no answer. A request that "
            "arrived is in call_context's log; any other was lost on the way, or never sent.",
        )


def context_refused(case: Case) -> Iterator[Finding]:
    """The app's POST for this call was refused, which also ended the context before it."""
    asked = _asked_in_vain(case)
    if asked is not None and _refused(asked):
        yield Finding(
            "context-refused",
            Severity.PROBLEM,
            f"The call context that {text(asked, 'caller')}'s app sent was refused, so nobody was dialled.",
            f"refused as {text(asked, 'context_ended_by')}, {_apart(asked)}; that also ends the one before it",
            "The app must send in S/context what docs/api.md allows: unsupported_destination is a WhatsApp number, "
            "invalid_name no subscriber's name, deleted_subscriber one who was deleted. The line of call_context's log "
            "has the code.",
        )


def context_waited_for(case: Case) -> Iterator[Finding]:
    """The context arrived while Dial Whom waited, in time."""
    asked = case.dial_whom
    if asked is not None and asked.details.get("route") == "late-context":
        yield Finding(
            "context-waited-for",
            Severity.NOTE,
            "The call context came after the call, while Dial Whom waited for it.",
            f"it waited {text(asked, 'waited_ms')} ms",
            "Let the app POST S/context before it dials: the caller hears silence meanwhile.",
        )


def _asked_in_vain(case: Case) -> Event | None:
    asked = case.dial_whom
    return asked if asked is not None and asked.details.get("route") == "no-context" else None


def _came_late(asked: Event) -> bool:
    return _when(asked, "context_set_at") > asked.at


def _refused(asked: Event) -> bool:
    return text(asked, "context_ended_by") not in ("", DELETED)


def _waited(asked: Event) -> str:
    return f"Dial Whom waited {text(asked, 'waited_ms') or 0} ms for it"


def _what_was_there(asked: Event) -> str:
    if text(asked, "context_ended_by"):
        return f"; the app had deleted it, {_apart(asked)}"
    set_at = _when(asked, "context_set_at")
    return f"; the last one was set {seconds(asked.at - set_at)} before the request and had expired" if set_at else ""


def _apart(asked: Event) -> str:
    after = _when(asked, "context_ended_at") - asked.at
    return f"{seconds(abs(after))} {'after' if after > 0 else 'before'} the request"


def _when(asked: Event, name: str) -> int:
    return int(asked.details.get(name) or 0)
