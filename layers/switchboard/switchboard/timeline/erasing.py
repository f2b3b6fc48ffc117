"""Takes deleted users out of the items of the Calls table (items.py has their layout).

An entry's item is never changed once it is stored, so it may be replaced without a condition.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from switchboard.aws.attributes import item_of, values_in
from switchboard.aws.edits import Edit, changed_if, deleted, key_of, moved
from switchboard.timeline.entry import Entry
from switchboard.timeline.erased_names import without_names
from switchboard.timeline.items import (
    APP,
    ERASED_SOURCE,
    EVENT,
    LISTED,
    SAID,
    entry_items,
    events_in,
    key,
    row_key,
    sort_of,
    where,
)

if TYPE_CHECKING:
    from switchboard.aws.attributes import Item, NewItem, Plain
    from switchboard.subscribers.erased import ErasedUser

_HISTORY = "party#"
HISTORY, OTHERS_HISTORY, EVENTS, PLACES = "calls_in_history", "calls_in_others_histories", "events", "places_of_calls"


def edits_of(item: Item, users: Sequence[ErasedUser]) -> Iterator[tuple[ErasedUser, str, Edit]]:
    """Yield what takes users out of an item: for each user the word under which it is counted.

    What is written for several users at once is the first one's, and the others' edits are empty.
    """
    (account, _, call), sort = item["pk"]["S"].partition("#"), sort_of(item)
    users = [user for user in users if user.account == account]
    if call.startswith(_HISTORY):
        yield from _of_row(item, call.removeprefix(_HISTORY), users)
    elif sort.startswith((EVENT, APP)):
        yield from _of_entry(item, users)
    elif sort == LISTED:
        yield from _of_place(item, users)
    elif sort.startswith(SAID):
        yield from _of_saying(item, call, sort.removeprefix(SAID), users)


def _of_row(item: Item, owner: str, users: Sequence[ErasedUser]) -> Iterator[tuple[ErasedUser, str, Edit]]:
    began = _start(sort_of(item))
    whose = next((user for user in users if user.name == owner and user.was(began)), None)
    other = next((user for user in users if item.get("other_party") == {"S": user.name} and user.was(began)), None)
    changes: Mapping[str, Plain] = {"other_party": None, "other_deleted": True} if other else {}
    if whose and not whose.keeps:
        yield whose, HISTORY, deleted(item)
    elif whose:
        yield whose, HISTORY, moved(item, _at(item, row_key(whose.account, whose.mask, sort_of(item)), changes))
    elif other:
        yield other, OTHERS_HISTORY, changed_if(item, changes, "other_party = :name", {":name": other.name})


def _of_entry(item: Item, users: Sequence[ErasedUser]) -> Iterator[tuple[ErasedUser, str, Edit]]:
    account, call, told_by = where(item)
    entry = Entry(account, call, told_by, events_in(item))
    named = [user for user in users if user.was(entry.at) and without_names(entry, [user]) != entry]
    if named:
        left = without_names(entry, named)
        edits = [deleted(item) if left is None else replaced(item, left), *(Edit() for _ in named[1:])]
        yield from ((user, EVENTS, edit) for user, edit in zip(named, edits, strict=True))


def _of_saying(item: Item, call: str, name: str, users: Sequence[ErasedUser]) -> Iterator[tuple[ErasedUser, str, Edit]]:
    for user in users:
        if user.name == name and user.was(int(item["at"]["N"])):
            to = _at(item, key(user.account, call, SAID + user.mask), {})
            yield user, PLACES, moved(item, to) if user.keeps else deleted(item)


def replaced(item: Item, left: Entry) -> Edit:
    """Put what is left of an entry in place of its item. No stream follows it: a sweep has changed histories itself."""
    puts = [to | item_of({"source": ERASED_SOURCE}) for to in entry_items(left, int(item["expires_at"]["N"]))]
    gone = [] if key_of(item) in [key_of(to) for to in puts] else deleted(item).writes
    return Edit([*({"PutRequest": {"Item": to}} for to in puts), *gone])


def _of_place(item: Item, users: Sequence[ErasedUser]) -> Iterator[tuple[ErasedUser, str, Edit]]:
    """Change where a call is listed, unless it is listed anew meanwhile."""
    values = values_in(item)
    starts = [start_of(row) for row in (*values["rows"], *values["old"])]
    before = {name: values[name] for name in ("rows", "old", "said")}
    lists: Mapping[str, Sequence[str]] = before
    named = [user for user in users if all(map(user.was, starts)) and _renamed(before, user) != before]
    for user in named:
        lists = _renamed(lists, user)
    if named:
        version = int(values["version"])
        changes: Mapping[str, Plain] = {**lists, "version": version + 1}
        edits = [changed_if(item, changes, "version = :seen", {":seen": version}), *(Edit() for _ in named[1:])]
        yield from ((user, PLACES, edit) for user, edit in zip(named, edits, strict=True))


def _renamed(lists: Mapping[str, Sequence[str]], user: ErasedUser) -> Mapping[str, Sequence[str]]:
    """Return the lists without the user's entries, each `name#…`, or with them under the pseudonym."""
    before = f"{user.name}#"
    return {
        name: sorted(
            f"{user.mask}#{one.removeprefix(before)}" if one.startswith(before) else one
            for one in ours
            if user.keeps or not one.startswith(before)
        )
        for name, ours in lists.items()
    }


def _at(item: Item, place: NewItem, changes: Mapping[str, Plain]) -> NewItem:
    return {**item, **place, **item_of(changes)}


def start_of(row: str) -> int:
    """Return the start of a call, in milliseconds, by where it is listed: `name#<start>#<call>`."""
    return _start(row.split("#", 1)[1])


def _start(sort: str) -> int:
    """Return the start of a call, in milliseconds, by its place in a history."""
    return int(sort[:13])
