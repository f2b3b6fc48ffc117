"""Recording call events, as the functions and streams do it, with fakes or DynamoDB outside the use cases."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from switchboard.aws import clients as aws
from switchboard.calls.context import Asked, CallContext
from switchboard.calls.dynamodb import DynamoCallContexts
from switchboard.calls.ports import CallContexts
from switchboard.pushes.missed_call import MissedCall
from switchboard.pushes.notify_missed_call import NotifyMissedCall, may_be_missed
from switchboard.timeline.dynamodb import DynamoTimelines
from switchboard.timeline.entries_dynamodb import DynamoEntries
from switchboard.timeline.entry import Entry, entries_of
from switchboard.timeline.event import Event, Kind
from switchboard.timeline.histories_dynamodb import DynamoHistories
from switchboard.timeline.join_push import JoinPush
from switchboard.timeline.ports import Entries, Histories, Timelines
from switchboard.timeline.store_events import StoreEvents
from switchboard.timeline.summary import CallSummary, summarise
from switchboard.timeline.update_histories import UpdateHistories
from tests.fakes.call_contexts import FakeCallContexts
from tests.fakes.clock import FakeClock
from tests.fakes.timelines import FakeTimelines
from tests.timeline_events import ACCOUNT, BEGAN

AT = BEGAN
RING_MS = 30_000


@dataclass
class Recorder:
    """Stores events, and after each message updates the histories, as the stream of Calls does."""

    timelines: Timelines
    entries: Entries
    histories: Histories
    contexts: Any  # CallContexts and DialAnswers

    def add(self, events: Sequence[Event]) -> None:
        StoreEvents(self.entries, JoinPush(self.entries, self.contexts, RING_MS))(events)
        self.stored(events)

    def put(self, call: str, events: Sequence[Event]) -> None:
        """Store the platform's events under the call's id, as deliver_push does with a push that it has joined."""
        for one in {event.call for event in events} - {call}:
            self.entries.point(events[0].account, one, call)
        self.entries.put([Entry(events[0].account, call, None, events)])
        self.stored(events)

    def stored(self, events: Sequence[Event]) -> None:
        update = UpdateHistories(self.histories)
        for entry in entries_of(events):
            if call := update.call_of((entry.account, entry.call, entry.told_by)):
                update(*call, [entry.told_by])

    def answer(self, call: str, at: int, caller: str = "alice", callee: str = "bob") -> None:
        """Have Dial Whom answer the caller's call, and nothing told of it yet."""
        contexts: CallContexts = self.contexts
        contexts.put(CallContext(ACCOUNT, caller, callee, "", at, at // 1000 + 3_600))
        contexts.claim(ACCOUNT, caller, call, Asked(at, 0, "context"))

    def call(self, one: str) -> CallSummary:
        return summarise(self.timelines.read(ACCOUNT, one))


def on_fakes() -> Recorder:
    fake = FakeTimelines()
    return Recorder(fake, fake, fake, FakeCallContexts())


def on_dynamodb(
    now: Callable[[], float] = time.time,
    client: Any = None,
    calls: str = "CallsTable",
    contexts: str = "CallContextsTable",
) -> Recorder:
    """Record in the tables of a deployment in moto, or behind another client."""
    client = client or aws.client("dynamodb")
    of_calls = (client, calls, now, 30)
    return Recorder(
        DynamoTimelines(client, calls, now),
        DynamoEntries(*of_calls),
        DynamoHistories(*of_calls),
        DynamoCallContexts(client, contexts),
    )


@dataclass
class RecordingBench:
    """The use cases on fakes; the clock is 300 ms after the start of the calls. A call rings 30 s."""

    recorder: Recorder = field(default_factory=on_fakes)
    clock: FakeClock = field(default_factory=lambda: FakeClock(AT / 1000 + 0.3))
    told: list[MissedCall] = field(default_factory=list)

    @property
    def timelines(self) -> Timelines:
        return self.recorder.timelines

    def notify(self, missed: MissedCall) -> None:
        self.told.append(missed)

    def put(self, events: Sequence[Event]) -> None:
        self.recorder.add(events)

    def record(self, *events: Event) -> None:
        self.recorder.add(events)

    def settled(self, event: Event) -> None:
        """Look at a call that may have been missed, some seconds later."""
        assert may_be_missed(event)
        NotifyMissedCall(self.timelines, self, self, self.clock)(event)

    def call(self, one: str) -> CallSummary:
        return self.recorder.call(one)


def joined(event: Event, call: str) -> Event:
    """Return a push's event as it is stored under its call."""
    return replace(event, details={**event.details, "call_sid": call}) if event.kind is Kind.PUSH_ACCEPTED else event
