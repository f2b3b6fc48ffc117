"""The input of a diagnosis, and its findings."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property

from switchboard.subscribers.callee import Callee
from switchboard.subscribers.subscriber import Device, Subscriber
from switchboard.timeline.event import Event, Kind
from switchboard.timeline.event_kinds import last_answer
from switchboard.timeline.outcome import CallOutcome
from switchboard.timeline.summary import CallSummary, summarise

# callbacks of an SDK that has received the call's data
KNOWS_THE_CALL = ("onIncomingCall", "onCallRinging", "onCallEstablished", "onCallEnded", "onMissedCall")


def utc(at: int) -> str:
    """Return a time (milliseconds) as text in UTC."""
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


class Severity(StrEnum):
    """How much a finding matters."""

    PROBLEM = "problem"
    NOTE = "note"
    HISTORY = "history"  # it made the call fail, and has been fixed since


class Side(StrEnum):
    """The two parties of a call."""

    CALLER = "caller"
    CALLEE = "callee"


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule's result: a stable `code`, its meaning, the events that show it, and what to do."""

    code: str
    severity: Severity
    what: str
    evidence: str
    fix: str


@dataclass(frozen=True, slots=True)
class Party:
    """A subscriber as stored now; `profile` is None for an unknown name.

    `dead` are the keys of the devices that take pushes and confirm none of them any more.
    """

    name: str
    profile: Subscriber | None
    devices: Sequence[Device] = ()
    dead: Collection[str] = ()

    @property
    def callee(self) -> Callee:
        """The callee as delivery reads it."""
        if self.profile is None:
            return Callee(None, "", self.devices)
        return Callee(self.profile.status, self.profile.session_version, self.devices)


@dataclass(frozen=True)
class Case:
    """One call: its events in the order of their times, and records that help to explain them.

    `around` holds events without a call from both parties' apps at about that time, `earlier` events of the callee's
    earlier calls, `later` summaries of the parties' later calls, `dead_letters` reasons by push id, `loose_pushes` ids
    of pushes that fit this call and another. `written` formats a time (milliseconds) for the reader.
    """

    events: Sequence[Event]
    callee: Party | None = None
    around: Sequence[Event] = ()
    earlier: Sequence[Event] = ()
    later: Sequence[CallSummary] = ()
    dead_letters: Mapping[str, str] = field(default_factory=dict)
    loose_pushes: Sequence[str] = ()
    written: Callable[[int], str] = utc

    @cached_property
    def summary(self) -> CallSummary:
        """The call's summary."""
        return summarise(self.events)

    def of(self, *kinds: Kind) -> Sequence[Event]:
        """Return the call's events of these kinds."""
        return [event for event in self.events if event.kind in kinds]

    @property
    def dial_whom(self) -> Event | None:
        """The last result of Dial Whom."""
        return last_answer(self.events)

    def reported_by(self, side: Side) -> Iterator[Event]:
        """Yield the events of one side's app in or near the call; those without a subscriber count as the caller's.

        A callback with an error is stored as both, of which this yields the error, which says more.
        """
        reported = (*self.events, *self.around)
        errors = {_report(event) for event in reported if event.kind is Kind.SDK_ERROR}
        for event in reported:
            if event.kind in (Kind.SDK_CALLBACK, Kind.SDK_CDR, Kind.SDK_ERROR):
                if event.kind is Kind.SDK_CALLBACK and _report(event) in errors:
                    continue
                is_callees = event.subscriber is not None and event.subscriber == self.summary.callee
                if is_callees is (side is Side.CALLEE):
                    yield event

    @property
    def accepted(self) -> Sequence[Event]:
        """The sends that the push service accepted."""
        return [event for event in self.of(Kind.PUSH_SENT) if event.details.get("outcome") == "accepted"]

    @property
    def known_to_callees_sdk(self) -> bool:
        """Whether the callee's SDK reported anything about the call."""
        reported = [event for event in self.reported_by(Side.CALLEE) if event not in self.around]
        return any(event.kind is Kind.SDK_CDR or event.details.get("name") in KNOWS_THE_CALL for event in reported)

    @property
    def answered(self) -> bool:
        """Whether the call was answered: then missing events mean nothing."""
        return self.summary.outcome is CallOutcome.ANSWERED


def text(event: Event, name: str) -> str:
    """Return a detail as text; "" where the event lacks it."""
    value = event.details.get(name)
    return "" if value is None else str(value)


def said(event: Event) -> str:
    """Return the event's details as evidence."""
    return ", ".join(f"{key} {value}" for key, value in sorted(event.details.items()) if value not in (None, ""))


def seconds(milliseconds: float) -> str:
    """Return a duration as text."""
    return f"{milliseconds / 1000:.1f} s"


def _report(event: Event) -> tuple[object, ...]:
    """Return what a callback and its error have in common."""
    return event.subscriber, event.at, event.details.get("name")
