"""Takes deleted users' names out of events. Words of a fixed vocabulary stay, should a user have been called so."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from switchboard.foundation.caller_ids import name_in
from switchboard.subscribers.erased import ErasedUser
from switchboard.timeline.entry import Entry
from switchboard.timeline.event import OF_APP, Detail, Event, of_app

_NAMES = ("caller", "callee", "remote_id")
# Details whose words are Exotel's, the SDKs', the push services' or ours; `name` is that of a callback.
_WORDS = {
    *("hook", "event", "status", "call_type", "call_status", "dial_status", "direction", "route", "outcome", "reason"),
    *(
        "platform",
        "correlation",
        "rejected",
        "context_ended_by",
        "name",
        "type",
        "state",
        "end_reason",
        "issue",
        "codec",
    ),
    *("call_sid", "push_id", "push_key", "session_id", "device", "context_used_by"),
}


def names_in(events: Iterable[Event]) -> Sequence[str]:
    """Return the names of subscribers in events, each once, apart from those in free text."""
    return list(dict.fromkeys(_named(events)))


def without_names(entry: Entry, users: Iterable[ErasedUser]) -> Entry | None:
    """Return the entry without the names of these deleted users, or None if it was all told by the app of one."""
    for user in users:
        if entry.told_by == user.name and not user.keeps:
            return None
        entry = _masked(entry, user)
    return entry


def masked(events: Sequence[Event], users: Iterable[ErasedUser]) -> Sequence[Event]:
    """Return the events without the names of these deleted users."""
    for user in users:
        events = [_masked_event(event, user) for event in events]
    return events


def _named(events: Iterable[Event]) -> Iterator[str]:
    for event in events:
        if event.subscriber:
            yield event.subscriber
        for name in _NAMES:
            if isinstance(value := event.details.get(name), str):
                yield name_in(value)


def _masked(entry: Entry, user: ErasedUser) -> Entry:
    told_by = user.mask if entry.told_by == user.name else entry.told_by
    return Entry(entry.account, _call(entry.call, user), told_by, [_masked_event(one, user) for one in entry.events])


def _masked_event(event: Event, user: ErasedUser) -> Event:
    details = {name: _detail(name, value, user) for name, value in event.details.items()}
    if event.details.get("caller") == user.name:
        details.pop("custom_field", None)  # the stock apps put the caller's display name into it
    subscriber = user.mask if event.subscriber == user.name else event.subscriber
    return replace(event, call=_call(event.call, user), subscriber=subscriber, details=details)


def _call(call: str, user: ErasedUser) -> str:
    """Return the id of an event; that of an app's events without a call has the name in it."""
    return of_app(user.mask) if call == OF_APP + user.name else call


def _detail(name: str, value: Detail, user: ErasedUser) -> Detail:
    if not isinstance(value, str) or name in _WORDS or user.name.lower() not in value.lower():
        return value
    if name in _NAMES:
        return user.mask if name_in(value) == user.name else value
    # Other text is in any case: Exotel's words are stored in lower case.
    return re.sub(rf"(?<![a-z0-9]){user.name}(?![a-z0-9])", user.mask, value, flags=re.IGNORECASE)
