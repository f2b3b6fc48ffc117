"""What the CallContexts table's stream tells of Dial Whom's answers (call_contexts.py writes them)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from switchboard.domain.timeline import Detail, Event, Kind

_ANSWERED, _ASKED = "answered", "asked"
_NUMBERS = {"waited_ms": "waited_ms", "set_at": "context_set_at"}
_LATE_MS = 10_000  # what is set later after Dial Whom gave up is another call's context

type Image = Mapping[str, Mapping[str, Any]]


def answers_in(change: Mapping[str, Any]) -> Sequence[Event]:
    """Return the answers that a stream record's `dynamodb` part tells of.

    A context set or deleted tells of none, unless one was looked for in vain just before: then of that one once more,
    with the time of the context, which came too late.
    """
    new, old = change.get("NewImage", {}), change.get("OldImage", {})
    told = [_answer(prefix, new) for prefix in (_ANSWERED, _ASKED) if _brought(prefix, new, old)]
    if _came_late(new, old):
        told.append(_answer(_ASKED, {**new, "asked_set_at": new["set_at"]}))
    return told


def _brought(prefix: str, new: Image, old: Image) -> bool:
    """Whether this change brought the answer under a prefix."""
    told = (f"{prefix}_call", f"{prefix}_at")
    return all(name in new for name in told) and any(new[name] != old.get(name) for name in told)


def _came_late(new: Image, old: Image) -> bool:
    """Whether this change set a context for which Dial Whom had waited in vain."""
    if "set_at" not in new or new["set_at"] == old.get("set_at") or new.get("asked_route") != {"S": "no-context"}:
        return False
    return 0 < int(new["set_at"]["N"]) - int(new["asked_at"]["N"]) <= _LATE_MS


def _answer(prefix: str, new: Image) -> Event:
    account, _, caller = new["pk"]["S"].partition("#")
    details: dict[str, Detail] = {"caller": caller, "route": new[f"{prefix}_route"]["S"]}
    if f"{prefix}_callee" in new:
        details["callee"] = new[f"{prefix}_callee"]["S"]
    for name, detail in _NUMBERS.items():
        if f"{prefix}_{name}" in new:
            details[detail] = int(new[f"{prefix}_{name}"]["N"])
    call, at = new[f"{prefix}_call"]["S"], int(new[f"{prefix}_at"]["N"])
    return Event(account, call, Kind.DIAL_WHOM, at, details=details)
