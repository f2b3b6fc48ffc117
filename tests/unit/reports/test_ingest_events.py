"""Events and acknowledgements on their way into the queue."""

import pytest

from switchboard.foundation.errors import InvalidFieldError, UnavailableError
from switchboard.reports.ingest_reports import IngestEvents
from switchboard.timeline.event import Event, Kind
from tests.fakes.clock import FakeClock
from tests.fakes.timelines import FakeTimelineQueue

NOW = 1_700_000_000.0


class Ingesting:
    def __init__(self) -> None:
        self.queue = FakeTimelineQueue()
        self.ingest = IngestEvents(self.queue, FakeClock(NOW))


def test_all_events_of_a_request_are_queued() -> None:
    ingesting = Ingesting()
    told: list[dict[str, object]] = [
        {"name": "onCallRinging", "callId": "c"},
        {"name": "onCallEnded", "callId": "c", "cdr": {"state": "ENDED"}},
    ]

    assert ingesting.ingest.report("demo1m", "alice", told) == 3
    assert [event.kind for event in ingesting.queue.events] == [Kind.SDK_CALLBACK, Kind.SDK_CALLBACK, Kind.SDK_CDR]


def test_an_event_without_content_is_named_by_its_position_and_nothing_is_queued() -> None:
    ingesting = Ingesting()
    with pytest.raises(InvalidFieldError) as refusal:
        ingesting.ingest.report("demo1m", "alice", [{"name": "x"}, {"callId": "c"}])

    assert refusal.value.field == "events.1.name"
    assert not ingesting.queue.events


def test_an_acknowledgement_is_an_event_of_the_push() -> None:
    ingesting = Ingesting()
    ingesting.ingest.acknowledge("demo1m", "bob", "push-1")

    event = Event("demo1m", "push-1", Kind.PUSH_ACKNOWLEDGED, int(NOW * 1000), "bob", {"push_id": "push-1"})
    assert ingesting.queue.events == [event]


def test_a_queue_that_is_down_lets_the_app_send_again() -> None:
    ingesting = Ingesting()
    ingesting.queue.down = True
    with pytest.raises(UnavailableError):
        ingesting.ingest.acknowledge("demo1m", "bob", "push-1")
