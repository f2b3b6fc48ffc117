"""What a diagnosis looks at, and what it finds."""

from collections.abc import Callable, Iterator, Mapping, Sequence
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

# callbacks of an SDK that has got the call's data
KNOWS_THE_CALL = ("onIncomingCall", "onCallRinging", "onCallEstablished", "onCallEnded", "onMissedCall")


def utc(at: int) -> str:
    """Write a time, in milliseconds, as UTC's clocks show it."""
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


class Severity(StrEnum):
    """Whether a finding broke the call, or is only worth knowing."""

    PROBLEM = "problem"
    NOTE = "note"
    HISTORY = "history"  # it did break the call, and has been fixed since


class Side(StrEnum):
    """The two parties of a call."""

    CALLER = "caller"
    CALLEE = "callee"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule saw: a stable `code`, what it means, the events behind it, and what to do about it."""

    code: str
    severity: Severity
    what: str
    evidence: str
    fix: str


@dataclass(frozen=True, slots=True)
class Party:
    """A subscriber as our tables know them now; no `profile` stands for a name that we do not know."""

    name: str
    profile: Subscriber | None
    devices: Sequence[Device] = ()

    @property
    def callee(self) -> Callee:
        """The same as a push would find it."""
        if self.profile is None:
            return Callee(None, "", self.devices)
        return Callee(self.profile.status, self.profile.session_version, self.devices)


@dataclass(frozen=True)
class Case:
    """One call: its events in the order in which they happened, and what helps to read them.

    `around` holds what the apps of both parties told of no call at about that time, `earlier` events of the callee's
    earlier calls, `later` the parties' later calls in short, `dead_letters` reasons by push id, `loose_pushes` ids of
    pushes that fit this call and another. `written` writes a time (milliseconds) for whoever reads the findings.
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
        """The call in short."""
        return summarise(self.events)

    def of(self, *kinds: Kind) -> Sequence[Event]:
        """Return the call's events of these kinds."""
        return [event for event in self.events if event.kind in kinds]

    @property
    def dial_whom(self) -> Event | None:
        """What Dial Whom found out last."""
        return last_answer(self.events)

    def reported_by(self, side: Side) -> Iterator[Event]:
        """Yield what one side's app told, of the call or about then; what nobody claims counts as the caller's."""
        for event in (*self.events, *self.around):
            if event.kind in (Kind.SDK_CALLBACK, Kind.SDK_CDR, Kind.SDK_ERROR):
                is_callees = event.subscriber is not None and event.subscriber == self.summary.callee
                if is_callees is (side is Side.CALLEE):
                    yield event

    @property
    def accepted(self) -> Sequence[Event]:
        """The sends that the push service took."""
        return [event for event in self.of(Kind.PUSH_SENT) if event.details.get("outcome") == "accepted"]

    @property
    def known_to_callees_sdk(self) -> bool:
        """Whether the callee's SDK told anything of the call."""
        reported = [event for event in self.reported_by(Side.CALLEE) if event not in self.around]
        return any(event.kind is Kind.SDK_CDR or event.details.get("name") in KNOWS_THE_CALL for event in reported)

    @property
    def answered(self) -> bool:
        """Whether the parties talked: then no missing sign of life means anything."""
        return self.summary.outcome is CallOutcome.ANSWERED


def text(event: Event, name: str) -> str:
    """Return a detail as text; "" where the event lacks it."""
    value = event.details.get(name)
    return "" if value is None else str(value)


def said(event: Event) -> str:
    """Return all that an event says, as evidence."""
    return ", ".join(f"{key} {value}" for key, value in sorted(event.details.items()) if value not in (None, ""))


def seconds(milliseconds: float) -> str:
    """Write a span of time for people."""
    return f"{milliseconds / 1000:.1f} s"
