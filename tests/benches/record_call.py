"""Recording call events, with fakes for everything outside the use case."""

from dataclasses import dataclass, field

from switchboard.pushes.missed_call import MissedCall
from switchboard.pushes.notify_missed_call import NotifyMissedCall
from switchboard.timeline.event import Event
from switchboard.timeline.record_call import RecordCall
from switchboard.timeline.summary import CallSummary, summarise
from tests.fakes.clock import FakeClock
from tests.fakes.timelines import FakeTimelines
from tests.timeline_events import ACCOUNT, BEGAN

AT = BEGAN


@dataclass
class RecordingBench:
    """The use case; the clock is 300 ms after the start of the calls. A call rings 30 s."""

    timelines: FakeTimelines = field(default_factory=FakeTimelines)
    clock: FakeClock = field(default_factory=lambda: FakeClock(AT / 1000 + 0.3))
    told: list[MissedCall] = field(default_factory=list)

    def notify(self, missed: MissedCall) -> None:
        self.told.append(missed)

    def record(self, *events: Event) -> int | None:
        missed_calls = NotifyMissedCall(self.timelines, self, self.clock)
        return RecordCall(self.timelines, self.clock, 30_000, missed_calls)(events)

    def call(self, one: str) -> CallSummary:
        return summarise(self.timelines.read(ACCOUNT, one))
