"""A call event is written down with the time at which it came."""

import pytest

from switchboard.call_events.accept_call_event import AcceptCallEvent
from switchboard.foundation.errors import UnavailableError
from tests.fakes.clock import FakeClock
from tests.fakes.timelines import FakeTimelineWriter

FIELDS = {"CallSid": "sid-1", "Status": "busy", "EventType": "Ringing"}


def test_an_event_without_a_time_has_the_time_of_its_arrival_in_milliseconds() -> None:
    writer = FakeTimelineWriter()
    event = AcceptCallEvent(writer, FakeClock(1_700_000_000.25))("demo1m", FIELDS)
    assert writer.events == [event]
    assert event.at == 1_700_000_000_250


def test_an_event_that_cannot_be_stored_is_no_success() -> None:
    writer = FakeTimelineWriter()
    writer.down = True
    with pytest.raises(UnavailableError):
        AcceptCallEvent(writer, FakeClock())("demo1m", FIELDS)
