"""The outcome of a call, from the events of Exotel and the apps."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from switchboard.timeline.event import Event, Kind


class CallOutcome(StrEnum):
    """How a call ended; if events contradict each other, the first of these values wins."""

    ANSWERED = "answered"
    REJECTED = "rejected"
    MISSED = "missed"
    FAILED = "failed"


# Contract 2.3, and the further values of Exotel's CallType and DialCallStatus
_CALL_TYPES = {
    "completed": CallOutcome.ANSWERED,
    "client-hangup": CallOutcome.MISSED,
    "voicemail": CallOutcome.MISSED,
}
_DIAL_STATUSES = {
    "completed": CallOutcome.ANSWERED,
    "busy": CallOutcome.REJECTED,
    "no-answer": CallOutcome.MISSED,
    "canceled": CallOutcome.MISSED,
    "failed": CallOutcome.FAILED,
}
_STATES = {
    "answered": CallOutcome.ANSWERED,
    "established": CallOutcome.ANSWERED,
    "completed": CallOutcome.ANSWERED,
    "rejected": CallOutcome.REJECTED,
    "busy": CallOutcome.REJECTED,
    "declined": CallOutcome.REJECTED,
    "missed": CallOutcome.MISSED,
    "no-answer": CallOutcome.MISSED,
    "not-answered": CallOutcome.MISSED,
    "failed": CallOutcome.FAILED,
}
_CALLBACKS = {"oncallestablished": CallOutcome.ANSWERED, "onmissedcall": CallOutcome.MISSED}


def outcome_of(events: Iterable[Event]) -> CallOutcome | None:
    """Return the outcome by the events, or None while they contain none. Apps do not outvote Exotel.

    A StatusCallback reports the caller's leg, which Exotel itself answers; it counts only if no other event does.
    """
    events = list(events)
    ours, apps = [e for e in events if not e.of_an_app], [e for e in events if e.of_an_app]
    return _first_in_order(_reported(ours)) or _first_in_order(_reported(apps)) or _first_in_order(_implied(events))


def answered_by_apps(events: Iterable[Event]) -> bool:
    """Whether an app reports that the call was answered."""
    return CallOutcome.ANSWERED in _reported(event for event in events if event.of_an_app)


def _first_in_order(outcomes: Iterable[CallOutcome]) -> CallOutcome | None:
    order = list(CallOutcome)
    return min(outcomes, key=order.index, default=None)


def _reported(events: Iterable[Event]) -> Iterator[CallOutcome]:
    for event in events:
        match event.kind:
            case Kind.EXOTEL_EVENT if event.details.get("hook") != "status":
                yield from _of_exotel(event)
            case Kind.SDK_CALLBACK:
                yield from _looked_up(event, "name", _CALLBACKS)
            case Kind.SDK_CDR:
                yield from _looked_up(event, "state", _STATES)


def _of_exotel(event: Event) -> Iterator[CallOutcome]:
    if event.details.get("event") == "answered":
        yield CallOutcome.ANSWERED
    yield from _looked_up(event, "call_type", _CALL_TYPES)
    if event.details.get("call_type") != "client-hangup":  # in that case dial_status is not about the callee
        yield from _looked_up(event, "dial_status", _DIAL_STATUSES)


def _implied(events: Iterable[Event]) -> Iterator[CallOutcome]:
    for event in events:
        if event.kind is Kind.DIAL_WHOM and not event.details.get("callee"):
            yield CallOutcome.FAILED
        if event.kind is Kind.SDK_ERROR:
            yield CallOutcome.FAILED
        if event.kind is Kind.EXOTEL_EVENT and event.details.get("hook") == "status":
            yield from _looked_up(event, "status", _DIAL_STATUSES)


def _looked_up(event: Event, name: str, outcomes: Mapping[str, CallOutcome]) -> Iterator[CallOutcome]:
    found = outcomes.get(str(event.details.get(name) or "").strip().lower().replace("_", "-"))
    if found:
        yield found
