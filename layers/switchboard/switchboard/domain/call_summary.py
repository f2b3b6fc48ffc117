"""A call in short: what its facts, in whatever order they came, say together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from switchboard.domain.call_facts import (
    Facts,
    Sign,
    between,
    earliest,
    first,
    ids,
    last,
    longest,
    newest_ratings,
    of_kind,
)
from switchboard.domain.call_outcome import CallOutcome, outcome_of
from switchboard.domain.timeline import Event, Kind

OF_CALL_SIDS = (Kind.DIAL_WHOM, Kind.EXOTEL_EVENT)  # facts that always come with a CallSid
TRUSTED = (*OF_CALL_SIDS, Kind.PUSH_ACCEPTED)  # no app can make these up; earlier ones are trusted more
_OF_APPS = (Kind.SDK_CALLBACK, Kind.SDK_CDR, Kind.SDK_ERROR, Kind.FEEDBACK)


class Join(StrEnum):
    """Whether the pushes of a timeline could be joined to the call that they were for."""

    JOINED = "joined"
    UNMATCHED = "unmatched"  # Dial Whom had answered no call of that caller with that callee
    AMBIGUOUS = "ambiguous"  # it had answered two within the ring time


@dataclass(frozen=True, slots=True)
class CallSummary:
    """A call's fields, None where nothing is known (yet). Times are epoch milliseconds, `…_seconds` seconds.

    `route` is how Dial Whom found the callee; `ratings` holds each subscriber's newest; `join` is None without a push.
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
    join: Join | None = None

    def concerns(self, name: str) -> bool:
        """Whether `name` is a party of the call, by facts that no app can make up."""
        return name in (self.caller, self.callee)


def summarise(events: Iterable[Event]) -> CallSummary:
    """Return what the facts say; their order and repetition make no difference, and no known field is blanked."""
    facts = sorted({event.key: event for event in events}.values(), key=lambda event: (event.at, event.key))
    caller, callee = first(facts, "caller", *TRUSTED), _callee(facts)
    facts = [fact for fact in facts if _believed(fact, caller, callee)]
    outcome, (rang, answered, ended, talked) = outcome_of(facts), _times(facts)
    if outcome is not CallOutcome.ANSWERED:
        answered = talked = None
    return CallSummary(
        call_sid=_call_sid(facts),
        push_ids=ids(facts, "push_id"),
        session_ids=ids(facts, "session_id"),
        caller=caller,
        callee=callee,
        route=last(facts, "route", Kind.DIAL_WHOM),
        started_at=_started(facts),
        rang_at=rang,
        answered_at=answered,
        ended_at=ended,
        outcome=outcome,
        ring_seconds=between(rang, answered or ended),
        talk_seconds=talked,
        end_reason=last(facts, "end_reason", Kind.SDK_CDR) or last(facts, "dial_status", Kind.EXOTEL_EVENT),
        recording_url=last(facts, "recording_url", Kind.EXOTEL_EVENT),
        ratings=newest_ratings(facts),
        join=_join(facts),
    )


def _callee(facts: Facts) -> str | None:
    """Return whom Dial Whom named, or else whom the push or Exotel named."""
    pushed = next((fact.subscriber for fact in of_kind(facts, Kind.PUSH_ACCEPTED)), None)
    return last(facts, "callee", Kind.DIAL_WHOM) or pushed or first(facts, "callee", Kind.EXOTEL_EVENT)


def _believed(fact: Event, caller: str | None, callee: str | None) -> bool:
    """Whether an app's word counts: only that of the call's own parties, once these are known."""
    return fact.kind not in _OF_APPS or not (caller or callee) or fact.subscriber in (caller, callee)


def _call_sid(facts: Facts) -> str | None:
    return next((fact.call for kind in OF_CALL_SIDS for fact in of_kind(facts, kind)), None)


def _started(facts: Facts) -> int | None:
    """Return when it began; a phone's clock may be wrong, so it counts only where there is no other."""
    return earliest(facts, lambda fact: fact.kind in TRUSTED, lambda _: True)


def _times(facts: Facts) -> tuple[int | None, int | None, int | None, float | None]:
    """Return when it rang, was answered and ended, and the seconds of talk; Exotel's word goes before an app's."""
    rang = earliest(facts, _exotel("ringing"), _callback("onCallRinging"))
    answered = earliest(facts, _exotel("answered"), _callback("onCallEstablished"))
    ended = earliest(facts[::-1], _ends, _callback("onCallEnded"))  # the last of them
    talked = longest(facts, Kind.EXOTEL_EVENT, "duration_s")
    if talked is None:
        talked = longest(facts, Kind.SDK_CDR, "duration_s")
    if answered is None and ended is not None and talked is not None:
        answered = ended - round(talked * 1000)
    return rang, answered, ended, between(answered, ended) if talked is None else talked


def _ends(fact: Event) -> bool:
    """Whether Exotel says that the call is over; Passthru follows the Connect applet, which has ended then."""
    if fact.kind is not Kind.EXOTEL_EVENT:
        return False
    return fact.details.get("event") == "terminal" or fact.details.get("hook") == "passthru"


def _exotel(event: str) -> Sign:
    return lambda fact: fact.kind is Kind.EXOTEL_EVENT and fact.details.get("event") == event


def _callback(name: str) -> Sign:
    return lambda fact: fact.kind is Kind.SDK_CALLBACK and fact.details.get("name") == name


def _join(facts: Facts) -> Join | None:
    pushed = {fact.call for fact in of_kind(facts, Kind.PUSH_ACCEPTED)}
    if not pushed:
        return None
    if _call_sid(facts):
        return Join.JOINED
    mark = last(facts, "mark", Kind.PUSH_JOIN)
    return Join(mark) if mark in list(Join) else None
