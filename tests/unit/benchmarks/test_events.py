"""Each event is another caller's or another call's, and otherwise what events/ holds."""

import json

import pytest

from benchmarks.handlers.functions import event_name
from benchmarks.parts.pushes import BATCH, batches
from benchmarks.surroundings.events import LATER_MS, as_of, events_of, numbered, recorded, upload_key


def test_an_id_keeps_its_length_and_bears_its_number() -> None:
    assert numbered("743ddcf5a0552050bc37b6d0ff9613bn", 42) == "743ddcf5a0552050bc37b6d0ff000042"


@pytest.mark.parametrize("name", ["DialWhom", "DeliverPush", "RecordCall", "IngestReports", "UnpackLogs"])
def test_no_two_events_are_the_same(name: str) -> None:
    events = events_of(f"{name}Function", 5, "a-session")
    assert len({json.dumps(event) for event in events}) == 5


def test_an_event_of_a_user_bears_the_session() -> None:
    [event] = events_of("ListCallsFunction", 1, "a-session")
    assert event["headers"]["authorization"] == "Bearer a-session"
    [exotels] = events_of("DialWhomFunction", 1, "a-session")
    assert exotels["headers"]["authorization"] == recorded("dial_whom")["headers"]["authorization"]


def test_a_push_still_rings_when_its_turn_comes() -> None:
    first, second = (json.loads(e["Records"][0]["body"]) for e in events_of("DeliverPushFunction", 2))
    assert first["payload"] != second["payload"]
    assert first["acceptedAt"] - json.loads(recorded("deliver_push")["Records"][0]["body"])["acceptedAt"] > LATER_MS


def test_a_batch_holds_as_many_pushes_none_twice() -> None:
    pushes = [
        json.loads(r["body"])["payload"] for e in batches(events_of("DeliverPushFunction", 3)) for r in e["Records"]
    ]
    assert len(set(pushes)) == 3 * BATCH


def test_every_upload_has_a_key_of_its_own() -> None:
    keys = {upload_key(event) for event in events_of("UnpackLogsFunction", 3)}
    assert len(keys) == 3
    assert all(key.startswith("uploads/demo1m/alice/") for key in keys)


def test_an_event_may_be_another_users() -> None:
    event = as_of(recorded("manage_subscribers"), "bob")
    assert event["pathParameters"]["name"] == "bob"
    assert "alice" not in json.dumps(event).lower()


def test_a_functions_event_bears_its_folders_name() -> None:
    assert event_name("DialWhomFunction") == "dial_whom"
