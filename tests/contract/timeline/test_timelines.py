"""What every implementation of the timelines' ports does: the fake, and DynamoDB in moto."""

import itertools
from collections.abc import Iterator

import pytest

from switchboard.foundation.errors import InvalidFieldError
from switchboard.timeline.entry import entries_of
from switchboard.timeline.event import Event, Kind, of_app
from switchboard.timeline.rows import row_of
from switchboard.timeline.summary import summarise
from tests.benches.record_call import Recorder, joined, on_dynamodb, on_fakes
from tests.deployment import deployed
from tests.timeline_events import call_of, messages_of, shuffled

NOW = 1_700_000_000_000


@pytest.fixture(params=["fake", "dynamodb"])
def recorder(request: pytest.FixtureRequest) -> Iterator[Recorder]:
    if request.param == "fake":
        yield on_fakes()
        return
    with deployed():
        yield on_dynamodb(lambda: NOW / 1000)


def dialled(call: str = "sid-1", at: int = NOW, caller: str = "alice", callee: str = "bob") -> Event:
    return Event("acme", call, Kind.DIAL_WHOM, at, None, {"caller": caller, "callee": callee, "route": "context"})


def pushed(push_id: str = "push-1", at: int = NOW + 300) -> Event:
    return Event("acme", push_id, Kind.PUSH_ACCEPTED, at, "bob", {"caller": "alice", "push_id": push_id})


def told(call: str, at: int, subscriber: str = "bob", **details: str | float | bool | None) -> Event:
    return Event("acme", call, Kind.SDK_CALLBACK, at, subscriber, details)


def listed(recorder: Recorder, name: str, account: str = "acme") -> list[str]:
    return [call["id"] for call in recorder.timelines.calls_of(account, name, 50).calls]


def test_events_are_read_as_they_were_written_in_the_order_in_which_they_happened(recorder: Recorder) -> None:
    events = [told("sid-1", NOW + 9, name="onCallEnded", number=7, share=0.5, good=True, none=None), dialled()]
    recorder.add(events)
    assert recorder.timelines.read("acme", "sid-1") == events[::-1]


def test_an_event_that_comes_twice_is_kept_once(recorder: Recorder) -> None:
    recorder.add([dialled(), dialled()])
    recorder.add([dialled()])
    recorder.add([dialled(), told("sid-1", NOW + 1)])
    assert recorder.timelines.read("acme", "sid-1") == [dialled(), told("sid-1", NOW + 1)]


def test_many_large_events_at_once_are_all_kept(recorder: Recorder) -> None:
    events = [dialled(), *(told("sid-1", NOW + number, name="ü" * 3_000) for number in range(1, 61))]
    recorder.add(events)
    assert recorder.timelines.read("acme", "sid-1") == events


def test_accounts_and_calls_never_touch_each_other(recorder: Recorder) -> None:
    recorder.add([dialled()])
    assert recorder.timelines.read("other", "sid-1") == []
    assert recorder.timelines.read("acme", "sid-2") == []
    assert listed(recorder, "alice", "other") == []


def ids(run: int) -> list[list[Event]]:
    call, push, session = f"sid-{run}", f"push-{run}", f"session-{run}"
    return [
        [dialled(call)],
        [pushed(push)],
        [told(push, NOW + 400, session_id=session)],
        [told(session, NOW + 500)],
    ]


@pytest.mark.parametrize("each", [pytest.param(1, marks=pytest.mark.long), 3])
def test_the_ids_of_a_call_are_read_as_one_call_by_any_of_them_in_any_order(recorder: Recorder, each: int) -> None:
    orders = list(itertools.permutations(range(4)))[::each]
    for run, order in enumerate(orders):
        messages = ids(run)
        for number in order:
            recorder.put(f"sid-{run}", messages[number]) if number == 1 else recorder.add(messages[number])
        wanted = [event for events in messages for event in events]
        for one in (f"sid-{run}", f"push-{run}", f"session-{run}"):
            assert recorder.timelines.read("acme", one) == wanted
        assert recorder.timelines.read("acme", f"session-{run}", "bob") == wanted
    rows = recorder.timelines.calls_of("acme", "alice", 50).calls
    assert {row["id"]: (row["push_ids"], row["session_ids"]) for row in rows} == {
        f"sid-{run}": ([f"push-{run}"], [f"session-{run}"]) for run in range(len(orders))
    }


def test_a_session_means_for_each_subscriber_what_his_own_app_says(recorder: Recorder) -> None:
    recorder.add([dialled("sid-1"), told("sid-1", NOW + 1, "bob", session_id="session-1")])
    recorder.add([dialled("sid-2", caller="mallory", callee="carol")])
    recorder.add([told("sid-2", NOW + 2, "mallory", session_id="session-1")])
    assert recorder.timelines.read("acme", "session-1", "mallory")[0].call == "sid-2"
    assert recorder.timelines.read("acme", "session-1", "bob")[0].call == "sid-1"
    assert recorder.timelines.read("acme", "session-1", "alice") == []


def test_an_id_that_the_platform_knows_is_never_what_an_app_says(recorder: Recorder) -> None:
    recorder.add([told("sid-9", NOW - 9, "bob", push_id="push-1", session_id="sid-1")])  # before the platform's word
    recorder.add([dialled("sid-9", NOW - 9), told("push-1", NOW - 8, "bob", session_id="sid-1")])
    recorder.add([dialled()])
    recorder.put("sid-1", [pushed()])
    for one in ("sid-1", "push-1"):
        assert dialled() in recorder.timelines.read("acme", one)
        assert dialled("sid-9", NOW - 9) not in recorder.timelines.read("acme", one)


def test_what_an_app_tells_of_a_call_waits_until_the_platform_names_its_user(recorder: Recorder) -> None:
    early = [told("sid-1", NOW + 1, "bob", name="onCallEstablished"), told("sid-1", NOW + 2, "carol")]
    recorder.add(early)
    assert [listed(recorder, name) for name in ("alice", "bob", "carol")] == [[], [], []]
    recorder.add([dialled()])
    assert recorder.timelines.read("acme", "sid-1") == [dialled(), early[0]]
    assert [listed(recorder, name) for name in ("alice", "bob", "carol")] == [["sid-1"], ["sid-1"], []]
    (row,) = recorder.timelines.calls_of("acme", "bob", 9).calls
    assert (row["outcome"], row["direction"], row["other_party"]) == ("answered", "incoming", "alice")


def test_a_session_of_no_call_is_read_as_the_apps_told_it(recorder: Recorder) -> None:
    recorder.add([told("session-1", NOW, "bob"), told("session-1", NOW + 1, "alice")])
    assert recorder.timelines.read("acme", "session-1") == [
        told("session-1", NOW, "bob"),
        told("session-1", NOW + 1, "alice"),
    ]
    assert recorder.timelines.read("acme", "session-1", "bob") == [told("session-1", NOW, "bob")]


def test_events_without_a_call_are_their_users(recorder: Recorder) -> None:
    recorder.add([told(of_app("bob"), NOW, "bob", session_id="session-1")])
    assert recorder.timelines.read("acme", of_app("bob")) == [told(of_app("bob"), NOW, "bob", session_id="session-1")]
    assert (recorder.timelines.read("acme", "session-1"), listed(recorder, "bob")) == ([], [])


def test_a_call_of_which_no_party_is_known_is_what_the_platform_says(recorder: Recorder) -> None:
    recorder.add([Event("acme", "sid-1", Kind.EXOTEL_EVENT, NOW, None, {"hook": "status"}), told("sid-1", NOW + 1)])
    assert [event.kind for event in recorder.timelines.read("acme", "sid-1")] == [Kind.EXOTEL_EVENT]


def test_calls_of_a_subscriber_are_listed_newest_first_page_by_page(recorder: Recorder) -> None:
    for number in range(5):
        recorder.add([dialled(f"sid-{number}", NOW + number)])
    first = recorder.timelines.calls_of("acme", "alice", 2)
    second = recorder.timelines.calls_of("acme", "alice", 2, first.cursor)
    third = recorder.timelines.calls_of("acme", "alice", 2, second.cursor)
    pages = [[call["id"] for call in page.calls] for page in (first, second, third)]
    assert pages == [["sid-4", "sid-3"], ["sid-2", "sid-1"], ["sid-0"]]
    assert third.cursor is None


def test_a_page_that_is_just_full_is_the_last(recorder: Recorder) -> None:
    recorder.add([dialled("sid-1"), dialled("sid-2")])
    assert recorder.timelines.calls_of("acme", "bob", 2).cursor is None


def test_a_call_is_listed_once_by_its_earliest_event_whichever_comes_first(recorder: Recorder) -> None:
    for events in itertools.permutations([dialled("sid-1", NOW), dialled("sid-2", NOW + 5), dialled("sid-1", NOW + 9)]):
        for event in events:
            recorder.add([event])
    assert listed(recorder, "bob") == ["sid-2", "sid-1"]


def test_a_call_whose_callee_turns_out_to_be_another_leaves_the_first_ones_history(recorder: Recorder) -> None:
    recorder.put("sid-1", [pushed()])
    assert listed(recorder, "bob") == ["sid-1"]
    recorder.add([dialled(callee="carol")])
    assert [listed(recorder, name) for name in ("alice", "bob", "carol")] == [["sid-1"], [], ["sid-1"]]


@pytest.mark.parametrize("cursor", ["x", "💥", "e30", "WzEsMl0", "W10", "bnVsbA", "IiI", "IjEjYSI", "Ilx1ZDgwMCI"])
def test_a_cursor_that_is_not_ours_is_refused(recorder: Recorder, cursor: str) -> None:
    with pytest.raises(InvalidFieldError) as refusal:
        recorder.timelines.calls_of("acme", "alice", 2, cursor)
    assert refusal.value.field == "cursor"


def test_a_pushs_call_is_the_first_that_was_found(recorder: Recorder) -> None:
    assert recorder.entries.point("acme", "push-1", "sid-1") == "sid-1"
    assert recorder.entries.point("acme", "push-1", "sid-2") == "sid-1"


def test_the_same_push_is_found_among_a_calls_entries(recorder: Recorder) -> None:
    push = Event("acme", "push-1", Kind.PUSH_ACCEPTED, NOW, "bob", {"push_key": "same"})
    recorder.put("sid-1", [push])
    found = [recorder.entries.has_push("acme", *where) for where in (("sid-1", "same"), ("sid-1", "x"), ("x", "same"))]
    assert found == [True, False, False]


def test_a_calls_state_is_what_is_stored_when_it_is_opened(recorder: Recorder) -> None:
    recorder.entries.put(entries_of([dialled(), told("sid-1", NOW + 1, "carol")]))
    assert recorder.histories.open("acme", "sid-1", ["carol"]) is None
    assert recorder.histories.open("acme", "sid-2") is None
    opened = recorder.histories.open("acme", "sid-1", ["carol", "bob"])
    assert opened
    assert (opened.parties, opened.events) == (["alice", "bob"], [dialled()])


def test_shuffled_doubled_and_partial_events_make_the_histories_and_timelines_of_those_in_order(
    recorder: Recorder,
) -> None:
    """The same thousand events through the functions are in tests/unit/timeline/test_record_call.py."""
    calls = [call_of(number, NOW) for number in range(12)]
    for number in range(12):
        at = NOW + number * 10
        recorder.answer(f"sid-{number}", at, f"caller{number}", f"callee{number}")
    events = [event for events in calls for event in events]
    for message in messages_of(shuffled(events, seed=11), events, 7):
        recorder.add(message)
    account = calls[0][0].account
    for number, call in enumerate(calls):
        wanted = summarise(call)
        told = [joined(event, f"sid-{number}").key for event in sorted(call, key=lambda event: (event.at, event.key))]
        assert [event.key for event in recorder.timelines.read(account, f"sid-{number}")] == told
        for one in (f"sid-{number}", f"push-{number}", f"session-{number}"):
            assert summarise(recorder.timelines.read(account, one)) == wanted
        for party in (f"caller{number}", f"callee{number}"):
            (row,) = recorder.timelines.calls_of(account, party, 9).calls
            assert row == row_of(f"sid-{number}", party, wanted)
