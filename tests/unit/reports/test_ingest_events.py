"""Events and acknowledgements on their way into the timelines."""

import pytest

from switchboard.foundation.errors import InvalidFieldError, UnavailableError
from switchboard.reports.ingest_reports import IngestEvents
from switchboard.timeline.event import Event, Kind
from tests.fakes.clock import FakeClock
from tests.fakes.timelines import FakeTimelineWriter

NOW = 1_700_000_000.0


class Ingesting:
    def __init__(self) -> None:
        self.writer = FakeTimelineWriter()
        self.ingest = IngestEvents(self.writer, FakeClock(NOW))


def test_all_events_of_a_request_are_stored() -> None:
    ingesting = Ingesting()
    told: list[dict[str, object]] = [
        {"name": "onCallRinging", "callId": "c"},
        {"name": "onCallEnded", "callId": "c", "cdr": {"state": "ENDED"}},
    ]

    assert len(ingesting.ingest.report("demo1m", "alice", told)) == 3
    assert [event.kind for event in ingesting.writer.events] == [Kind.SDK_CALLBACK, Kind.SDK_CALLBACK, Kind.SDK_CDR]


def test_an_event_without_content_is_named_by_its_position_and_nothing_is_stored() -> None:
    ingesting = Ingesting()
    with pytest.raises(InvalidFieldError) as refusal:
        ingesting.ingest.report("demo1m", "alice", [{"name": "x"}, {"callId": "c"}])

    assert refusal.value.field == "events.1.name"
    assert not ingesting.writer.events


def test_an_acknowledgement_is_an_event_of_the_push() -> None:
    ingesting = Ingesting()
    ingesting.ingest.acknowledge("demo1m", "bob", "push-1", "busy", "0123456789abcdef")

    details = {"push_id": "push-1", "state": "busy", "phone": "0123456789ab"}
    event = Event("demo1m", "push-1", Kind.PUSH_ACKNOWLEDGED, int(NOW * 1000), "bob", details)
    assert ingesting.writer.events == [event]


def test_a_store_that_is_down_lets_the_app_send_again() -> None:
    ingesting = Ingesting()
    ingesting.writer.down = True
    with pytest.raises(UnavailableError):
        ingesting.ingest.acknowledge("demo1m", "bob", "push-1", "busy", "0123456789abcdef")


def test_a_request_names_at_most_sixteen_ids() -> None:
    def told(calls: int) -> list[dict[str, object]]:
        one: dict[str, object] = {"name": "x", "pushId": "p", "sessionId": "s"}
        return [{"name": "x"}, *(one | {"callId": f"c{n}"} for n in range(calls) for _ in range(2))]

    ingesting = Ingesting()
    assert len(ingesting.ingest.report("demo1m", "alice", told(14))) == 29
    with pytest.raises(InvalidFieldError) as refusal:
        ingesting.ingest.report("demo1m", "alice", told(15))
    assert (refusal.value.code, refusal.value.field) == ("too_many_ids", "events")
    assert len(ingesting.writer.events) == 29
