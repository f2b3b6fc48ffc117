"""The missed-call push: sent once, in spite of faults."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from switchboard.foundation.errors import UnavailableError
from switchboard.pushes.missed_call import NOTIFY_WITHIN_MS, MissedCall
from switchboard.pushes.notify_missed_call import SETTLE_SECONDS, may_be_missed
from switchboard.pushes.push import Outcome
from switchboard.timeline.event import Event, Kind
from switchboard.timeline.outcome import CallOutcome
from tests.benches.deliver_push import ANDROID, PUSH, DeliveryBench, outcomes
from tests.benches.record_call import AT, RecordingBench
from tests.timeline_events import ACCOUNT, agent, dialled, event, passthru


@pytest.fixture
def bench() -> RecordingBench:
    return RecordingBench()


MISSED = passthru("sid-1", AT, "incomplete", "no-answer")


def test_a_missed_call_is_pushed_once_it_has_settled_and_only_once(bench: RecordingBench) -> None:
    bench.record(dialled("sid-1", AT - 9_000), MISSED)
    bench.settled(MISSED)
    bench.settled(MISSED)
    (told,) = bench.told
    assert (told.subscriber_name, told.caller, told.call_sid, told.at) == ("bob", "alice", "sid-1", AT - 9_000)
    assert told.data() == {"type": "missedCall", "caller": "alice", "callSid": "sid-1", "at": str(AT - 9_000)}


@pytest.mark.parametrize(
    "late",
    [agent("sid-1", AT - 900, "answered"), passthru("sid-1", AT - 1, "completed"), agent("sid-1", AT, "answered")],
)
def test_no_missed_call_push_for_a_call_that_was_answered_after_all(bench: RecordingBench, late: Event) -> None:
    bench.record(dialled("sid-1", AT - 9_000), MISSED)
    bench.record(late)
    bench.settled(MISSED)
    assert bench.told == []
    assert bench.call("sid-1").outcome is CallOutcome.ANSWERED


def test_no_missed_call_push_where_a_partys_app_says_that_it_was_answered(bench: RecordingBench) -> None:
    for who in ("carol", "bob"):
        bench.record(event("sid-1", Kind.SDK_CALLBACK, AT - 900, who, name="onCallEstablished"))
    bench.record(dialled("sid-1", AT - 9_000), MISSED)
    bench.settled(MISSED)
    assert bench.told == []


def test_a_strangers_app_keeps_no_phone_from_being_told(bench: RecordingBench) -> None:
    bench.record(event("sid-1", Kind.SDK_CALLBACK, AT - 900, "carol", name="onCallEstablished"))
    bench.record(dialled("sid-1", AT - 9_000), MISSED)
    bench.settled(MISSED)
    assert len(bench.told) == 1


@pytest.mark.parametrize("event", [agent("sid-1", AT, "terminal"), passthru("sid-1", AT, "incomplete", "busy")])
def test_an_event_that_does_not_end_a_call_as_missed_is_not_looked_at(event: Event) -> None:
    assert may_be_missed(MISSED)
    assert not may_be_missed(event)


def test_an_old_missed_call_or_one_without_parties_is_not_pushed(bench: RecordingBench) -> None:
    bench.record(MISSED)
    bench.settled(MISSED)
    bench.clock.now += 3600
    bench.record(dialled("sid-1", AT - 9_000), MISSED)
    bench.settled(MISSED)
    assert bench.told == []


def test_a_missed_call_push_is_an_event_of_the_call(bench: RecordingBench) -> None:
    bench.clock.now += SETTLE_SECONDS
    bench.record(dialled("sid-1", AT - 9_000), MISSED)
    bench.settled(MISSED)
    (told,) = [event for event in bench.timelines.read(ACCOUNT, "sid-1") if event.kind is Kind.MISSED_CALL_NOTIFIED]
    assert (told.subscriber, told.at) == ("bob", bench.clock.now * 1000)


def test_a_missed_call_that_the_queue_refused_is_pushed_at_the_next_try(
    bench: RecordingBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(_: MissedCall) -> None:
        raise UnavailableError("not_queued", "the queue is down")

    bench.record(dialled("sid-1", AT - 9_000), MISSED)
    with monkeypatch.context() as patch:
        patch.setattr(bench, "notify", down)
        with pytest.raises(UnavailableError):
            bench.settled(MISSED)
    bench.settled(MISSED)
    assert len(bench.told) == 1


class ForgetfulBench(RecordingBench):
    """Fails once to write down that somebody was told."""

    failed = False

    def put(self, events: Sequence[Event]) -> None:
        if not self.failed:
            self.failed = True
            raise UnavailableError("unavailable", "the table is down")
        super().put(events)


@pytest.mark.parametrize("seconds", [2, 60, NOTIFY_WITHIN_MS // 1000 - SETTLE_SECONDS - 1])
def test_a_missed_call_pushed_again_reaches_no_phone_twice(seconds: int) -> None:
    bench = ForgetfulBench()
    bench.clock.now += SETTLE_SECONDS
    bench.record(dialled("sid-1", AT - 9_000), MISSED)
    with pytest.raises(UnavailableError):
        bench.settled(MISSED)
    bench.clock.now += seconds
    bench.settled(MISSED)
    phones = DeliveryBench(ANDROID)
    found = []
    for told in bench.told:
        phones.clock.now = told.accepted_at / 1000
        found += outcomes(phones.deliver(replace(told, subscriber_name=PUSH.subscriber_name)))
    assert found == [Outcome.ACCEPTED, Outcome.REPEATED]
    assert phones.gateway.sent == ["android"]
