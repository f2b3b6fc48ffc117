"""Reads Dial Whom's answers from the stream of the CallContexts table (calls/dynamodb.py writes them)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from switchboard.calls.context import DELETED
from switchboard.timeline.event import Detail, Event, Kind

_ANSWERED, _ASKED = "answered", "asked"
_NO_CONTEXT = {"S": "no-context"}
_LATE_MS = 10_000  # a context that is set or refused later than this after Dial Whom belongs to another call

type Image = Mapping[str, Mapping[str, Any]]


def answers_in(change: Mapping[str, Any]) -> Sequence[Event]:
    """Return the answers in a stream record's `dynamodb` part, as events.

    A context that is set, ended or deleted is no answer. One exception: if Dial Whom has just failed to find a context,
    and this one was late or refused, the failed answer is returned again, with the reason.
    """
    new, old = change.get("NewImage", {}), change.get("OldImage", {})
    found = [_answer(prefix, new) for prefix in (_ANSWERED, _ASKED) if _added(prefix, new, old)]
    if _came_late(new, old):
        found.append(_answer(_ASKED, new))
    return found


def _added(prefix: str, new: Image, old: Image) -> bool:
    """Whether this change added the answer with that prefix."""
    names = (f"{prefix}_call", f"{prefix}_at")
    return all(name in new for name in names) and any(new[name] != old.get(name) for name in names)


def _came_late(new: Image, old: Image) -> bool:
    """Whether this change set or refused a context shortly after Dial Whom had waited for one without success."""
    name = "ended_at" if "ended_at" in new else "set_at"
    if name not in new or new[name] == old.get(name) or new.get("asked_route") != _NO_CONTEXT:
        return False
    return new.get("ended_by") != {"S": DELETED} and 0 < _number(new[name]) - _number(new["asked_at"]) <= _LATE_MS


def _answer(prefix: str, new: Image) -> Event:
    account, _, caller = new["pk"]["S"].partition("#")
    details: dict[str, Detail] = {"caller": caller, "route": new[f"{prefix}_route"]["S"]}
    if f"{prefix}_callee" in new:
        details["callee"] = new[f"{prefix}_callee"]["S"]
    details["waited_ms"] = _number(new[f"{prefix}_waited_ms"])
    if prefix == _ANSWERED:
        details["context_set_at"] = _number(new["answered_set_at"])
    elif new["asked_route"] == _NO_CONTEXT:
        details |= _instead(new)
    call, at = new[f"{prefix}_call"]["S"], _number(new[f"{prefix}_at"])
    return Event(account, call, Kind.DIAL_WHOM, at, details=details)


def _instead(new: Image) -> Mapping[str, Detail]:
    """Return why no context could answer: it had ended, was used, had expired or came late."""
    if "ended_at" in new:
        return {"context_ended_at": _number(new["ended_at"]), "context_ended_by": new["ended_by"]["S"]}
    if "set_at" not in new:
        return {}
    used = {"context_used_by": new["answered_call"]["S"]} if new.get("answered_set_at") == new["set_at"] else {}
    return {"context_set_at": _number(new["set_at"]), **used}


def _number(value: Mapping[str, Any]) -> int:
    return int(value["N"])
