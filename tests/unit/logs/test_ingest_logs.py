"""Batches of log lines: what is stored, under which name, and the event in the timeline."""

import json

import pytest

from switchboard.foundation.errors import UnavailableError
from switchboard.logs.ingest_logs import IngestLogs
from switchboard.subscribers.subscriber import Platform
from switchboard.timeline.event import Detail, Event, Kind, of_app
from tests.benches.record_call import on_fakes
from tests.fakes.clock import FakeClock
from tests.fakes.log_batches import FakeLogBatches
from tests.fakes.timelines import FakeTimelineWriter

NOW = 1_700_000_000.5  # 2023-11-14T22:13:20Z
LINE = {"level": "INFO", "tag": "sip", "message": "registered", "time": 1_699_999_999_000}
KEY = "logs/demo1m/alice/android/20231114T221320Z-0f3c.ndjson.gz"


class Ingesting:
    def __init__(self) -> None:
        self.clock = FakeClock(NOW)
        self.batches, self.recorder, self.writer = FakeLogBatches(), on_fakes(), FakeTimelineWriter()
        self.ingest = IngestLogs(self.batches, self.recorder.timelines, self.writer, self.clock, lambda: "0f3c")

    def send(self, *lines: dict[str, object], name: str = "alice") -> str:
        return self.ingest("demo1m", name, Platform.ANDROID, lines or (LINE,))


def test_a_batch_is_kept_line_by_line_under_a_name_that_tells_whose_and_when() -> None:
    sending = Ingesting()
    second = LINE | {"message": "two\nlines"}
    assert sending.send(LINE, second) == KEY
    assert [json.loads(line) for line in sending.batches.kept[KEY].splitlines()] == [LINE, second]


def test_credentials_are_not_kept() -> None:
    sending = Ingesting()
    sending.send(LINE | {"message": "Authorization: Bearer abc-def", "tag": "password=abc-def"})
    assert b"abc-def" not in sending.batches.kept[KEY]


def test_it_becomes_an_event_of_the_app_where_there_was_no_call() -> None:
    sending = Ingesting()
    sending.send()
    size = len(sending.batches.kept[KEY])
    details: dict[str, Detail] = {"object": KEY, "bytes": size, "lines": 1}
    event = Event("demo1m", of_app("alice"), Kind.LOGS_UPLOADED, int(NOW * 1000), "alice", details)
    assert sending.writer.events == [event]


def test_it_becomes_an_event_of_the_call_that_was_under_way() -> None:
    sending = Ingesting()
    at = int(NOW * 1000) - 5000
    sending.recorder.add([Event("demo1m", "CA1", Kind.DIAL_WHOM, at, None, {"caller": "alice", "callee": "bob"})])
    sending.send()
    assert [event.call for event in sending.writer.events] == ["CA1"]


def test_an_event_that_is_not_stored_lets_the_app_send_again() -> None:
    sending = Ingesting()
    sending.writer.down = True
    with pytest.raises(UnavailableError):
        sending.send()
