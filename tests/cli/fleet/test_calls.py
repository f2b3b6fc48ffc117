"""`switchboard calls`: the newest calls, as a table and as JSON."""

from cli.webhooks import DOCTOR
from switchboard.timeline.event import Kind, of_app
from tests.benches.record_call import Recorder
from tests.cli.fleet.conftest import Fleet
from tests.cli.fleet.test_report import DAY, HOUR, call, event, recorder, store

__all__ = ["recorder"]


def test_the_newest_calls_come_first(fleet: Fleet, recorder: Recorder) -> None:
    store(recorder, [*call(1, 3 * HOUR, 120, "completed", 60), *call(2, HOUR, 480, "no-answer")])
    store(recorder, [*call(3, 3 * DAY, 90, "busy"), event(DOCTOR, Kind.DIAL_WHOM, HOUR, caller=DOCTOR)])
    store(recorder, [event(of_app("carol"), Kind.SDK_ERROR, HOUR, "carol", type="CONGESTION_ERROR")])
    found = fleet.json("calls")
    assert [(one["id"], one["caller"], one["callee"], one["outcome"]) for one in found] == [
        ("sid2", "alice", "bob", "missed"),
        ("sid1", "alice", "bob", "answered"),
    ]
    assert (found[1]["events"], found[1]["talk_seconds"]) == (4, 60)
    assert [one["id"] for one in fleet.json("calls", "--since", "4d", "--most", "2")] == ["sid2", "sid1"]
    shown = fleet.run("calls", "--since", "4d").output
    assert [shown.index(sid) for sid in ("sid2", "sid1", "sid3")] == sorted(shown.index(f"sid{n}") for n in (2, 1, 3))


def test_without_a_call_it_says_so(fleet: Fleet) -> None:
    assert "no calls in this period" in fleet.run("calls").output
    assert fleet.json("calls") == []
