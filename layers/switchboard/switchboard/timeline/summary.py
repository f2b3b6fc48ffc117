"""Summarises a call from its events, which may arrive in any order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from switchboard.timeline.correlation import Correlation
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
MOST_IDS = 16  # of a kind in a summary


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
    caller, callee = parties_of(events)
    events = [event for event in events if _believed(event, caller, callee)]
    outcome, times = outcome_of(events), times_of(events)
    answered = times.answered if outcome is CallOutcome.ANSWERED else None
    return CallSummary(
        call_sid=_call_sid(events),
        push_ids=_push_ids(events),
        session_ids=ids(events, "session_id")[:MOST_IDS],
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


def parties_of(events: Iterable[Event]) -> tuple[str | None, str | None]:
    """Return caller and callee as the platform names them; None for one that it has not named."""
    events = sorted((event for event in events if not event.of_an_app), key=lambda event: (event.at, event.key))
    return first(events, "caller", *TRUSTED), _callee(events)


def _callee(events: Events) -> str | None:
    """Return the callee by Dial Whom, else by the push, else by Exotel's events."""
    pushed = next((event.subscriber for event in of_kind(events, Kind.PUSH_ACCEPTED)), None)
    return last(events, "callee", Kind.DIAL_WHOM) or pushed or first(events, "callee", Kind.EXOTEL_EVENT)


def _believed(event: Event, caller: str | None, callee: str | None) -> bool:
    """Whether to use an event: an app's only if it is of a party, once the parties are known."""
    return not event.of_an_app or not (caller or callee) or event.subscriber in (caller, callee)


def _push_ids(events: Events) -> tuple[str, ...]:
    """Return the ids of the platform's pushes; an app's word for one counts only where the platform has none."""
    return (ids([event for event in events if not event.of_an_app], "push_id") or ids(events, "push_id"))[:MOST_IDS]


def _call_sid(events: Events) -> str | None:
    said = next((event.call for kind in OF_CALL_SIDS for event in of_kind(events, kind)), None)
    return said or first(events, "call_sid", Kind.PUSH_ACCEPTED)


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
