"""What every implementation of ports.timelines.Timelines does: the fake, and DynamoDB in moto."""

import itertools
from collections.abc import Iterator

import pytest

from switchboard.aws import clients as aws
from switchboard.foundation.errors import InvalidFieldError
from switchboard.timeline.dynamodb import DynamoTimelines
from switchboard.timeline.event import Event, Kind
from switchboard.timeline.ports import Timelines
from tests.deployment import deployed
from tests.fakes.timelines import FakeTimelines

NOW = 1_700_000_000_000


@pytest.fixture(params=["fake", "dynamodb"])
def timelines(request: pytest.FixtureRequest) -> Iterator[Timelines]:
    if request.param == "fake":
        yield FakeTimelines()
        return
    with deployed():
        yield DynamoTimelines(aws.client("dynamodb"), "CallsTable", lambda: NOW / 1000, 30)


def dialled(call: str = "sid-1", at: int = NOW, caller: str = "alice", callee: str = "bob") -> Event:
    return Event("acme", call, Kind.DIAL_WHOM, at, None, {"caller": caller, "callee": callee, "route": "context"})


def pushed(push_id: str = "push-1", at: int = NOW + 300) -> Event:
    return Event("acme", push_id, Kind.PUSH_ACCEPTED, at, "bob", {"caller": "alice", "push_id": push_id})


def told(call: str, at: int, subscriber: str = "bob", **details: str | float | bool | None) -> Event:
    return Event("acme", call, Kind.SDK_CALLBACK, at, subscriber, details)


def test_events_are_read_as_they_were_written_in_the_order_in_which_they_happened(timelines: Timelines) -> None:
    events = [told("sid-1", NOW + 9, name="onCallEnded", number=7, share=0.5, good=True, none=None), dialled()]
    timelines.add(events)
    assert timelines.read("acme", "sid-1") == events[::-1]


def test_an_event_that_comes_twice_is_kept_once(timelines: Timelines) -> None:
    timelines.add([dialled(), dialled()])
    timelines.add([dialled()])
    assert timelines.read("acme", "sid-1") == [dialled()]


def test_many_events_at_once_are_all_kept(timelines: Timelines) -> None:
    events = [told("sid-1", NOW + number, name=f"number {number}") for number in range(61)]
    timelines.add(events)
    assert timelines.read("acme", "sid-1") == events


def test_accounts_and_calls_never_touch_each_other(timelines: Timelines) -> None:
    timelines.add([dialled()])
    assert timelines.read("other", "sid-1") == []
    assert timelines.read("acme", "sid-2") == []
    assert timelines.calls_of("other", "alice", 10).calls == []
    assert calls_about(timelines, NOW - 1, NOW + 1, "other") == []


@pytest.mark.parametrize("asked", ["sid-1", "push-1", "session-1"])
def test_linked_ids_are_read_as_one_call_by_any_of_them(timelines: Timelines, asked: str) -> None:
    timelines.add([pushed(), told("session-1", NOW + 500)])
    timelines.link("acme", "push-1", "session-1")
    timelines.add([dialled()])
    timelines.link("acme", "sid-1", "push-1")
    timelines.link("acme", "sid-1", "push-1")
    assert timelines.read("acme", asked) == [dialled(), pushed(), told("session-1", NOW + 500)]


def test_a_linked_call_is_listed_once_under_its_call_sid_whatever_comes_later(timelines: Timelines) -> None:
    timelines.add([pushed(), dialled()])
    timelines.link("acme", "sid-1", "push-1")
    timelines.add([told("push-1", NOW + 900)])
    assert timelines.calls_of("acme", "bob", 10).calls == ["sid-1"]
    assert timelines.calls_of("acme", "alice", 10).calls == ["sid-1"]


def test_calls_of_a_subscriber_are_listed_newest_first_page_by_page(timelines: Timelines) -> None:
    timelines.add([dialled(f"sid-{number}", NOW + number) for number in range(5)])
    first = timelines.calls_of("acme", "alice", 2)
    second = timelines.calls_of("acme", "alice", 2, first.cursor)
    third = timelines.calls_of("acme", "alice", 2, second.cursor)
    assert [first.calls, second.calls, third.calls] == [["sid-4", "sid-3"], ["sid-2", "sid-1"], ["sid-0"]]
    assert third.cursor is None


def test_a_page_that_is_just_full_is_the_last(timelines: Timelines) -> None:
    timelines.add([dialled("sid-1"), dialled("sid-2")])
    assert timelines.calls_of("acme", "bob", 2).cursor is None


def test_a_call_is_listed_by_its_earliest_event_whichever_comes_first(timelines: Timelines) -> None:
    for events in itertools.permutations([dialled("sid-1", NOW), dialled("sid-2", NOW + 5), told("sid-1", NOW + 9)]):
        for event in events:
            timelines.add([event])
    assert timelines.calls_of("acme", "bob", 10).calls == ["sid-2", "sid-1"]


@pytest.mark.parametrize("cursor", ["x", "💥", "e30", "WzEsMl0", "W10", "bnVsbA", "WyJhIiwtMV0", "WyJcdWQ4MDAiLDFd"])
def test_a_cursor_that_is_not_ours_is_refused(timelines: Timelines, cursor: str) -> None:
    with pytest.raises(InvalidFieldError) as refusal:
        timelines.calls_of("acme", "alice", 2, cursor)
    assert refusal.value.field == "cursor"


def test_what_dial_whom_answered_is_found_by_caller_callee_and_time(timelines: Timelines) -> None:
    timelines.add([dialled("sid-1", NOW), dialled("sid-2", NOW + 10), dialled("sid-3", NOW, callee="carol")])
    timelines.add([told("sid-4", NOW, "alice"), Event("acme", "sid-5", Kind.DIAL_WHOM, NOW, None, {"caller": "alice"})])
    assert calls_about(timelines, NOW, NOW + 9) == ["sid-1"]
    assert calls_about(timelines, NOW, NOW + 10) == ["sid-1", "sid-2"]
    assert calls_about(timelines, NOW + 11, NOW + 20) == []


def test_a_call_is_found_though_a_phone_whose_clock_is_behind_told_of_it(timelines: Timelines) -> None:
    timelines.add([told("sid-1", NOW - 20_000, "alice"), dialled("sid-1", NOW)])
    assert calls_about(timelines, NOW, NOW) == ["sid-1"]


def test_a_push_is_found_by_its_two_parties_until_it_joins_a_call(timelines: Timelines) -> None:
    timelines.add([dialled(), pushed("push-1", NOW + 300), pushed("push-2", NOW + 400)])
    timelines.link("acme", "sid-1", "push-1")
    found = timelines.about("acme", Kind.PUSH_ACCEPTED, ("alice", "bob"), NOW, NOW + 400)
    assert found == [pushed("push-2", NOW + 400)]
    assert timelines.about("acme", Kind.PUSH_ACCEPTED, ("bob", "alice"), NOW, NOW + 400) == []


def calls_about(timelines: Timelines, since: int, until: int, account: str = "acme") -> list[str]:
    return [one.call for one in timelines.about(account, Kind.DIAL_WHOM, ("alice", "bob"), since, until)]


def test_of_too_many_events_dynamodb_gives_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("switchboard.timeline.dynamodb._MOST_EVENTS", 4)
    with deployed():
        timelines = DynamoTimelines(aws.client("dynamodb"), "CallsTable", lambda: NOW / 1000, 30)
        events = [told("app:bob", NOW + number, name=f"number {number}") for number in range(9)]
        timelines.add(events)
        assert timelines.read("acme", "app:bob") == events[-4:]
