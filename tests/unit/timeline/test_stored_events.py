"""What an entry's item says of its events, and what it leaves to its key."""

import json
from dataclasses import replace

import pytest

from switchboard.foundation.errors import MalformedRequestError
from switchboard.timeline.entry import Entry, entries_of
from switchboard.timeline.event import Event, Kind
from switchboard.timeline.event_json import encode
from switchboard.timeline.stored_events import restored, stored

AT = 1_700_000_000_000


def told(at: int = AT, **details: str | float | bool | None) -> Event:
    return Event("acme", "sid-1", Kind.SDK_CALLBACK, at, "bob", {"session_id": "s", "push_id": "p", **details})


def again(entry: Entry) -> list[Event]:
    return list(restored(entry.account, entry.call, entry.told_by, stored(entry)))


@pytest.mark.parametrize(
    "events",
    [
        [told()],
        [told(name="onCallEnded"), told(AT + 1, name="onCallRinging")],
        [told(x=1), told(AT + 1, x=1.0), told(AT + 2, x=True), told(AT + 3, x=None)],
        [told(x=0.0), told(AT + 1, x=-0.0)],
        [told(), replace(told(AT + 1), details={})],
        [Event("acme", "sid-1", Kind.EXOTEL_EVENT, AT, None, {"hook": "agent"})],
        [
            Event("acme", "sid-1", Kind.PUSH_ACCEPTED, AT, "bob", {"push_id": "p"}),
            Event("acme", "push-1", Kind.PUSH_SENT, AT, "bob", {"push_id": "p", "outcome": "accepted"}),
        ],
    ],
)
def test_events_are_read_as_they_were_stored(events: list[Event]) -> None:
    entry = Entry("acme", "sid-1", "bob" if events[0].of_an_app else None, events)
    assert again(entry) == events
    assert [event.key for event in again(entry)] == [event.key for event in events]


def test_nothing_is_stored_that_the_key_says_or_twice() -> None:
    (entry,) = entries_of([told(name="onCallRinging"), told(AT + 1, name="onCallEnded")])
    text = stored(entry)
    assert all(text.count(one) == 0 for one in ("acme", "sid-1", "bob"))
    assert json.loads(text)["shared"] == {"session_id": "s", "push_id": "p"}
    assert text.count("session_id") == 1


def test_events_with_all_their_fields_are_read_as_well() -> None:
    events = [told(), told(AT + 1, name="onCallEnded")]
    assert restored("other", "sid-2", "carol", encode(events)) == events


@pytest.mark.parametrize(
    "text", ["", "{}", '{"shared":{},"events":1}', '[{"kind":"x"}]', "[1]", '{"events":[]}', "[[]]"]
)
def test_what_is_no_list_of_events_is_refused(text: str) -> None:
    with pytest.raises(MalformedRequestError):
        restored("acme", "sid-1", None, text)
