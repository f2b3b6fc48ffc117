"""What the callee's phones are told of a missed call: once, and in spite of faults."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from switchboard.foundation.errors import UnavailableError
from switchboard.pushes.missed_call import NOTIFY_WITHIN_MS, MissedCall
from switchboard.pushes.notify_missed_call import SETTLE_SECONDS
from switchboard.pushes.push import Outcome
from switchboard.timeline.event import Event, Kind
from switchboard.timeline.outcome import CallOutcome
from tests.benches.deliver_push import ANDROID, PUSH, House, outcomes
from tests.benches.record_call import AT, Office
from tests.fakes.timelines import FakeTimelines
from tests.timeline_events import ACCOUNT, agent, dialled, passthru


@pytest.fixture
def office() -> Office:
    return Office()


MISSED = passthru("sid-1", AT, "incomplete", "no-answer")


def test_a_missed_call_is_told_once_it_has_settled_and_only_once(office: Office) -> None:
    assert office.record(dialled("sid-1", AT - 9_000), MISSED) == SETTLE_SECONDS
    office.clock.now += SETTLE_SECONDS
    office.record(MISSED)
    office.record(MISSED)
    (told,) = office.told
    assert (told.subscriber_name, told.caller, told.call_sid, told.at) == ("bob", "alice", "sid-1", AT - 9_000)
    assert told.data() == {"type": "missedCall", "caller": "alice", "callSid": "sid-1", "at": str(AT - 9_000)}


@pytest.mark.parametrize(
    "late",
    [agent("sid-1", AT - 900, "answered"), passthru("sid-1", AT - 1, "completed"), agent("sid-1", AT, "answered")],
)
def test_a_call_that_was_answered_after_all_is_never_told(office: Office, late: Event) -> None:
    office.record(dialled("sid-1", AT - 9_000), MISSED)
    office.record(late)
    office.clock.now += SETTLE_SECONDS
    office.record(MISSED)
    assert office.told == []
    assert office.call("sid-1").outcome is CallOutcome.ANSWERED


@pytest.mark.parametrize("event", [agent("sid-1", AT, "terminal"), passthru("sid-1", AT, "incomplete", "busy")])
def test_what_does_not_end_a_call_as_missed_tells_nothing(office: Office, event: Event) -> None:
    office.clock.now += 60
    assert office.record(dialled("sid-1", AT - 9_000), event) is None
    assert office.told == []


def test_a_missed_call_that_is_old_or_whose_parties_nobody_knows_is_not_told(office: Office) -> None:
    office.clock.now += SETTLE_SECONDS
    office.record(MISSED)
    office.clock.now += 3600
    office.record(dialled("sid-1", AT - 9_000), MISSED)
    assert office.told == []


def test_that_they_were_told_is_a_step_of_the_call(office: Office) -> None:
    office.clock.now += SETTLE_SECONDS
    office.record(dialled("sid-1", AT - 9_000), MISSED)
    (told,) = [event for event in office.timelines.read(ACCOUNT, "sid-1") if event.kind is Kind.MISSED_CALL_NOTIFIED]
    assert (told.subscriber, told.at) == ("bob", office.clock.now * 1000)


def test_what_the_queue_did_not_take_is_told_at_the_next_try(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(_: MissedCall) -> None:
        raise UnavailableError("not_queued", "the queue is down")

    office.clock.now += SETTLE_SECONDS
    with monkeypatch.context() as patch:
        patch.setattr(office, "notify", down)
        with pytest.raises(UnavailableError):
            office.record(dialled("sid-1", AT - 9_000), MISSED)
    office.record(MISSED)
    assert len(office.told) == 1


class ForgetfulTimelines(FakeTimelines):
    """Fails once to write down that somebody was told."""

    failed = False

    def add(self, events: Sequence[Event]) -> None:
        if not self.failed and any(event.kind is Kind.MISSED_CALL_NOTIFIED for event in events):
            self.failed = True
            raise UnavailableError("unavailable", "the table is down")
        super().add(events)


@pytest.mark.parametrize("seconds", [2, 60, NOTIFY_WITHIN_MS // 1000 - SETTLE_SECONDS - 1])
def test_what_is_told_again_because_it_was_not_written_down_reaches_no_phone_twice(seconds: int) -> None:
    office = Office(ForgetfulTimelines())
    office.clock.now += SETTLE_SECONDS
    with pytest.raises(UnavailableError):
        office.record(dialled("sid-1", AT - 9_000), MISSED)
    office.clock.now += seconds
    office.record(MISSED)
    house = House(ANDROID)
    found = []
    for told in office.told:
        house.clock.now = told.accepted_at / 1000
        found += outcomes(house.deliver(replace(told, subscriber_name=PUSH.subscriber_name)))
    assert found == [Outcome.ACCEPTED, Outcome.REPEATED]
    assert house.gateway.sent == ["android"]
