"""The items of the Calls table (docs/decisions/0052). Each id of a call has one partition, `account#id`.

`event#…` is the platform's word, `app#<name>#…` that of the subscriber's app. `call` says to which CallSid a pushId
belongs; `said#<name>` is what the subscriber's app says of an id, and no one else's reads follow it. `listed` is the
call's summary. Each subscriber's history has a partition of its own, `account#party#<name>`, in which a row is only the
call's start and id: it counts while `listed` has that start and that party.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from switchboard.aws.attributes import item_of
from switchboard.timeline.entry import Entry, named_ids
from switchboard.timeline.event import Kind
from switchboard.timeline.event_json import pieces
from switchboard.timeline.stored_events import restored, stored

if TYPE_CHECKING:
    from collections.abc import Sequence

    from switchboard.aws.attributes import Item, NewItem
    from switchboard.timeline.event import Event

APP, POINTER, EVENT, LISTED, SAID = "app#", "call", "event#", "listed", "said#"
# An entry's `source`; the streams tell of the first two. The last is of one from which a deleted user was taken out.
PLATFORM, OF_APP, ACK, ERASED_SOURCE = "platform", "app", "ack", "erased"


def key(account: str, call: str, sort: str) -> NewItem:
    """Return the key of an item in the partition of an id."""
    return item_of({"pk": f"{account}#{call}", "sk": sort})


def row_key(account: str, name: str, sort: str) -> NewItem:
    """Return the key of a call in a subscriber's history."""
    return key(account, f"party#{name}", sort)


def rows_in(listed: Mapping[str, Any], call: str) -> set[tuple[str, str]]:
    """Return the rows of a call by its item `listed`: whose history, and the sort key, of the start and the id."""
    return {(party, f"{listed['started_at']:013d}#{call}") for party in listed.get("parties", ())}


def entry_items(entry: Entry, expires_at: int) -> Iterator[NewItem]:
    """Yield the entry's items: one, or more if it is larger than an item may be. The same entry has the same keys."""
    for piece in pieces(entry.events):
        part = Entry(entry.account, entry.call, entry.told_by, piece)
        before = EVENT if entry.told_by is None else f"{APP}{entry.told_by}#"
        yield key(entry.account, entry.call, f"{before}{part.at:013d}#{part.key}") | item_of(
            {
                "source": _source(part),
                "events": stored(part),
                "expires_at": expires_at,
            }
        )


def _source(entry: Entry) -> str:
    """Return who told it. An ack changes no summary, so no history has to follow it, unless it names another id."""
    if entry.told_by is None:
        return PLATFORM
    acks = all(event.kind is Kind.PUSH_ACKNOWLEDGED for event in entry.events)
    return ACK if acks and not {*named_ids(entry.events)} - {entry.call} else OF_APP


def events_in(item: Item) -> Sequence[Event]:
    """Return the events of an entry's item. Raises MalformedRequestError."""
    return restored(*where(item), item["events"]["S"])


def with_events(item: Item, events: Sequence[Event]) -> Item:
    """Return an entry's item with these events in place of its own."""
    return {**item, "events": {"S": stored(Entry(*where(item), events))}}


def where(item: Item) -> tuple[str, str, str | None]:
    """Return account, id and teller of an entry's item, by its key; the teller of the platform's is None."""
    account, _, call = item["pk"]["S"].partition("#")
    sort = sort_of(item)
    return account, call, sort.split("#")[1] if sort.startswith(APP) else None


def sort_of(item: Item) -> str:
    """Return an item's sort key."""
    return item["sk"]["S"]
