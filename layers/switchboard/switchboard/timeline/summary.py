"""Summarises a call from its events, which may arrive in any order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from switchboard.timeline.event import Event, Kind
from switchboard.timeline.event_kinds import (
    Events,
    between,
    earliest,
    first,
    ids,
    last,
    last_answer,
    newest_ratings,
    of_kind,
    text,
)
from switchboard.timeline.outcome import CallOutcome, outcome_of
from switchboard.timeline.times import times_of

OF_CALL_SIDS = (Kind.DIAL_WHOM, Kind.EXOTEL_EVENT)  # kinds that always have a CallSid
TRUSTED = (*OF_CALL_SIDS, Kind.PUSH_ACCEPTED)  # kinds that an app cannot forge, the most trusted first
_OF_APPS = (Kind.SDK_CALLBACK, Kind.SDK_CDR, Kind.SDK_ERROR, Kind.FEEDBACK)


class Correlation(StrEnum):
    """Whether the call that a timeline's pushes were for is known."""

    MATCHED = "matched"
    UNMATCHED = "unmatched"  # there is no call with that caller and callee
    AMBIGUOUS = "ambiguous"  # there are several within the ring time


@dataclass(frozen=True, slots=True)
class CallSummary:
    """A call's fields; unknown ones are None. Times are epoch milliseconds, `…_seconds` seconds.

    `route` is how Dial Whom found the callee. `ratings` has each subscriber's newest. `correlation` is None for a call
    without a push.
    """

    call_sid: str | None = None
    push_ids: tuple[str, ...] = ()
    session_ids: tuple[str, ...] = ()
    caller: str | None = None
    callee: str | None = None
    route: str | None = None
    started_at: int | None = None
    rang_at: int | None = None
    answered_at: int | None = None
    ended_at: int | None = None
    outcome: CallOutcome | None = None
    ring_seconds: float | None = None
    talk_seconds: float | None = None
    end_reason: str | None = None
    recording_url: str | None = None
    ratings: Mapping[str, int] = field(default_factory=dict)
    correlation: Correlation | None = None

    def has_party(self, name: str) -> bool:
        """Whether `name` is a party of the call, by events that an app cannot forge."""
        return name in (self.caller, self.callee)


def summarise(events: Iterable[Event]) -> CallSummary:
    """Return the summary of the events; their order and repetitions do not matter, and no event clears a field."""
    events = sorted({event.key: event for event in events}.values(), key=lambda event: (event.at, event.key))
    caller, callee = first(events, "caller", *TRUSTED), _callee(events)
    events = [event for event in events if _believed(event, caller, callee)]
    outcome, times = outcome_of(events), times_of(events)
    answered = times.answered if outcome is CallOutcome.ANSWERED else None
    return CallSummary(
        call_sid=_call_sid(events),
        push_ids=ids(events, "push_id"),
        session_ids=ids(events, "session_id"),
        caller=caller,
        callee=callee,
        route=text(answer, "route") if (answer := last_answer(events)) else None,
        started_at=_started(events),
        rang_at=times.rang,
        answered_at=answered,
        ended_at=times.ended,
        outcome=outcome,
        ring_seconds=between(times.rang, answered or times.ended),
        talk_seconds=times.talked if outcome is CallOutcome.ANSWERED else None,
        end_reason=last(events, "end_reason", Kind.SDK_CDR) or last(events, "dial_status", Kind.EXOTEL_EVENT),
        recording_url=last(events, "recording_url", Kind.EXOTEL_EVENT),
        ratings=newest_ratings(events),
        correlation=_correlation(events),
    )


def _callee(events: Events) -> str | None:
    """Return the callee by Dial Whom, else by the push, else by Exotel's events."""
    pushed = next((event.subscriber for event in of_kind(events, Kind.PUSH_ACCEPTED)), None)
    return last(events, "callee", Kind.DIAL_WHOM) or pushed or first(events, "callee", Kind.EXOTEL_EVENT)


def _believed(event: Event, caller: str | None, callee: str | None) -> bool:
    """Whether to use an event: an app's only if it is of a party, once the parties are known."""
    return event.kind not in _OF_APPS or not (caller or callee) or event.subscriber in (caller, callee)


def _call_sid(events: Events) -> str | None:
    return next((event.call for kind in OF_CALL_SIDS for event in of_kind(events, kind)), None)


def _started(events: Events) -> int | None:
    """Return the call's start; a phone's clock may be wrong, so its events count only without any other."""
    return earliest(events, lambda event: event.kind in TRUSTED, lambda _: True)


def _correlation(events: Events) -> Correlation | None:
    pushed = {event.call for event in of_kind(events, Kind.PUSH_ACCEPTED)}
    if not pushed:
        return None
    if _call_sid(events):
        return Correlation.MATCHED
    found = {event.details.get("correlation") for event in of_kind(events, Kind.PUSH_CORRELATION)}
    return next((one for one in (Correlation.AMBIGUOUS, Correlation.UNMATCHED) if one in found), None)
