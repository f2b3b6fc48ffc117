"""What the CallContexts table's stream tells of Dial Whom's answers (call_contexts.py writes them)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from switchboard.domain.timeline import Detail, Event, Kind

_ANSWERED, _ASKED = "answered", "asked"
_NUMBERS = {"waited_ms": "waited_ms", "set_at": "context_set_at"}

type Image = Mapping[str, Mapping[str, Any]]


def answers_in(change: Mapping[str, Any]) -> Sequence[Event]:
    """Return the answers that a stream record's `dynamodb` part tells of; a context set or deleted tells of none."""
    new, old = change.get("NewImage", {}), change.get("OldImage", {})
    return [event for prefix in (_ANSWERED, _ASKED) for event in _answers(prefix, new, old)]


def _answers(prefix: str, new: Image, old: Image) -> Iterator[Event]:
    """Yield the answer under a prefix if this change brought it."""
    told = (f"{prefix}_call", f"{prefix}_at")
    if not all(name in new for name in told) or all(new[name] == old.get(name) for name in told):
        return
    account, _, caller = new["pk"]["S"].partition("#")
    details: dict[str, Detail] = {"caller": caller, "route": new[f"{prefix}_route"]["S"]}
    if f"{prefix}_callee" in new:
        details["callee"] = new[f"{prefix}_callee"]["S"]
    for name, detail in _NUMBERS.items():
        if f"{prefix}_{name}" in new:
            details[detail] = int(new[f"{prefix}_{name}"]["N"])
    yield Event(account, new[told[0]]["S"], Kind.DIAL_WHOM, int(new[told[1]]["N"]), details=details)
