"""What `make load` says of a load: each of the things that must not be is noticed."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.load import flood, ledger, memory
from benchmarks.load.ledger import Account, Call
from benchmarks.load.memory import Growth
from benchmarks.load.report import AT_WORK, Load, failures
from switchboard.reports.ingest_reports import IngestEvents
from switchboard.reports.schema import MOST_EVENTS, EventsBody
from switchboard.timeline.entry import MOST_IDS
from tests.fakes.timelines import FakeTimelineWriter

CALLS = [Call(f"sid-{n}", "ann", "ben", f"payload-{n}", 100.0 + n) for n in range(3)]
RUNG = [(call.payload, call.at + 0.25) for call in CALLS]
LISTED: dict[str, str | None] = {call.call: "answered" for call in CALLS}
GOOD = ledger.account(CALLS, RUNG, 0, LISTED)
REQUESTS = [{"Name": "pushtoclient", "Request Count": "3", "Failure Count": "0"}]
STEADY = [Growth(name, 40.0, 41.0) for name in sorted(AT_WORK)]
LEAST = Load(3, 2)


def test_calls_that_all_rang_once_are_whole() -> None:
    assert Account(3, 3, 0, 0, 0, 0, [0.25, 0.25, 0.25], 3) == GOOD
    assert GOOD.whole
    assert failures(GOOD, REQUESTS, STEADY, LEAST) == []


@pytest.mark.parametrize(
    ("rung", "dead", "listed", "field"),
    [
        (RUNG[:2], 0, LISTED, "lost"),
        ([*RUNG, RUNG[0]], 0, LISTED, "rung_again"),
        (RUNG, 1, LISTED, "dead_letters"),
        (RUNG, 0, LISTED | {"sid-1": None}, "unlisted"),
        (RUNG, 0, dict(list(LISTED.items())[:2]), "unlisted"),
    ],
)
def test_a_call_that_is_missing_somewhere_is_noticed(
    rung: list[tuple[str, float]], dead: int, listed: dict[str, str | None], field: str
) -> None:
    told = ledger.account(CALLS, rung, dead, listed)
    assert getattr(told, field) == 1
    assert not told.whole
    assert "not every accepted push" in failures(told, REQUESTS, STEADY, LEAST)[0]


def test_a_flood_sends_as_much_in_a_request_as_is_accepted() -> None:
    told = [
        event.model_dump(exclude_none=True) for event in EventsBody.model_validate({"events": flood.events()}).events
    ]
    writer = FakeTimelineWriter()
    reported = IngestEvents(writer, time.time).report("acme", "dave", told)
    assert (len(reported), len({event.call for event in reported})) == (MOST_EVENTS, MOST_IDS)


def test_a_load_without_a_call_shows_nothing() -> None:
    assert not ledger.account([], [], 0, {}).whole


def test_a_load_that_was_too_small_is_noticed() -> None:
    assert failures(GOOD, REQUESTS, STEADY, Load(4, 3)) == [
        "3 pushes were accepted, of at least 4 that there should have been"
    ]
    spread = [replace(call, at=call.at * 10) for call in CALLS]
    one_by_one = ledger.account(spread, RUNG, 0, LISTED)
    assert failures(one_by_one, REQUESTS, STEADY, LEAST) == ["no burst: at most 1 pushes were accepted within 5 s"]


def test_failed_requests_and_workers_that_grow_are_named() -> None:
    failed = [REQUESTS[0] | {"Failure Count": "2"}, {"Name": "Aggregated", "Request Count": "3", "Failure Count": "2"}]
    assert failures(GOOD, failed, STEADY, LEAST) == ["2 requests of pushtoclient failed"]
    assert failures(GOOD, REQUESTS, [replace(STEADY[0], late_mb=42.1), *STEADY[1:]], LEAST) == [
        "a worker of AcceptCallEventFunction grew from 40.0 to 42.1 MB"
    ]
    assert failures(GOOD, REQUESTS, STEADY[:-1], LEAST) == [
        "no worker of RecordCallFunction was watched for long enough to judge its memory"
    ]


def test_the_ledger_is_read_as_the_callers_wrote_it(tmp_path: Path) -> None:
    written = '{"call": "sid-0", "caller": "ann", "callee": "ben", "payload": "payload-0", "at": 100.0}\n'
    (tmp_path / "ledger").write_text(written)
    assert ledger.read(tmp_path / "ledger") == CALLS[:1]


def test_the_emulators_workers_are_told_from_all_other_processes() -> None:
    worker = "/run/ministack-lambda-switchboard-local-DialWhomFunction-662CFF6A6DEAF-bfx/_worker.py"
    listing = f"""    1     1  1024 /sbin/init
  710   700 35840 /venv/bin/python {worker}
  711   999 35840 /venv/bin/python {worker}
  700   700 99999 /venv/bin/python -P /project/local/emulator_child.py
"""
    assert memory.workers(listing, 700) == {(710, "DialWhomFunction"): 35.0}


def test_a_functions_oldest_worker_is_judged_by_two_quarters_of_its_life() -> None:
    samples = {
        (1, "DialWhomFunction"): [1.0, 30.0, 40.0, 40.0, 40.0, 41.0, 42.0, 44.0],
        (2, "DialWhomFunction"): [50.0] * 7,
        (3, "AcceptPushFunction"): [50.0] * 7,
    }
    assert memory.growths(samples) == [Growth("DialWhomFunction", 40.0, 43.0)]
