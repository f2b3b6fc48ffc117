"""The items of the Calls table (docs/decisions/0052). Each id of a call has one partition, `account#id`.

`event#…` is the platform's word, `app#<name>#…` that of the subscriber's app. `call` says to which CallSid a pushId
belongs; `said#<name>` is what the subscriber's app says of an id, and no one else's reads follow it. `listed` says
where in the histories the call stands. Each subscriber's history has a partition of its own, `account#party#<name>`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from switchboard.aws.attributes import item_of
from switchboard.timeline.entry import Entry
from switchboard.timeline.event_json import decode, encode, pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from switchboard.aws.attributes import Item, NewItem
    from switchboard.timeline.event import Event

APP, POINTER, EVENT, LISTED, SAID = "app#", "call", "event#", "listed", "said#"
# An entry's `source`, by which the streams are filtered; the last is of one from which a deleted user was taken out.
PLATFORM, OF_APP, ERASED_SOURCE = "platform", "app", "erased"


def key(account: str, call: str, sort: str) -> NewItem:
    """Return the key of an item in the partition of an id."""
    return item_of({"pk": f"{account}#{call}", "sk": sort})


def row_key(account: str, name: str, sort: str) -> NewItem:
    """Return the key of a call in a subscriber's history."""
    return key(account, f"party#{name}", sort)


def entry_items(entry: Entry, expires_at: int) -> Iterator[NewItem]:
    """Yield the entry's items: one, or more if it is larger than an item may be. The same entry has the same keys."""
    for piece in pieces(entry.events):
        part = Entry(entry.account, entry.call, entry.told_by, piece)
        before = EVENT if entry.told_by is None else f"{APP}{entry.told_by}#"
        yield key(entry.account, entry.call, f"{before}{part.at:013d}#{part.key}") | item_of(
            {
                "source": PLATFORM if entry.told_by is None else OF_APP,
                "events": encode(piece),
                "expires_at": expires_at,
            }
        )


def events_in(item: Item) -> Sequence[Event]:
    """Return the events of an entry's item. Raises MalformedRequestError."""
    return decode(item["events"]["S"])


def where(item: Item) -> tuple[str, str, str | None]:
    """Return account, id and teller of an entry's item, by its key; the teller of the platform's is None."""
    account, _, call = item["pk"]["S"].partition("#")
    sort = sort_of(item)
    return account, call, sort.split("#")[1] if sort.startswith(APP) else None


def sort_of(item: Item) -> str:
    """Return an item's sort key."""
    return item["sk"]["S"]
