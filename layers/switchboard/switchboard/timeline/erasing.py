"""Takes deleted users out of the items of the Calls table (items.py has their layout).

An entry's item is never changed once it is stored, so it may be replaced without a condition.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

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
    from switchboard.aws.attributes import Item, Plain
    from switchboard.subscribers.erased import ErasedUser

_HISTORY = "party#"
HISTORY, SUMMARIES, EVENTS, PLACES = "calls_in_history", "summaries_of_calls", "events", "places_of_calls"
_NAMING = ("caller", "callee", "parties", "ratings")  # what of a summary names parties


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
        yield from _of_summary(item, users)
    elif sort.startswith(SAID):
        yield from _of_saying(item, call, sort.removeprefix(SAID), users)


def _of_row(item: Item, owner: str, users: Sequence[ErasedUser]) -> Iterator[tuple[ErasedUser, str, Edit]]:
    sort = sort_of(item)
    for user in users:
        if user.name == owner and user.was(start_of(sort)):
            to = {**item, **row_key(user.account, user.mask, sort)}
            yield user, HISTORY, moved(item, to) if user.keeps else deleted(item)


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
            to = {**item, **key(user.account, call, SAID + user.mask)}
            yield user, PLACES, moved(item, to) if user.keeps else deleted(item)


def replaced(item: Item, left: Entry) -> Edit:
    """Put what is left of an entry in place of its item. No stream follows it: a sweep has changed histories itself."""
    puts = [to | item_of({"source": ERASED_SOURCE}) for to in entry_items(left, int(item["expires_at"]["N"]))]
    gone = [] if key_of(item) in [key_of(to) for to in puts] else deleted(item).writes
    return Edit([*({"PutRequest": {"Item": to}} for to in puts), *gone])


def _of_summary(item: Item, users: Sequence[ErasedUser]) -> Iterator[tuple[ErasedUser, str, Edit]]:
    """Change the call's summary, unless one of other events is stored meanwhile.

    What it keeps of ids that apps have named goes too: it was made from names. With `seen` 0 any summary replaces it.
    """
    values = values_in(item)
    before = {name: values[name] for name in _NAMING if name in values}
    left: Mapping[str, Plain] = before
    named = [user for user in users if user.was(int(values["started_at"])) and _renamed(before, user) != before]
    for user in named:
        left = _renamed(left, user)
    if named:
        changes: Mapping[str, Plain] = {**left, "said": [], "seen": 0}
        edit = changed_if(item, changes, "seen = :as_read", {":as_read": values["seen"]})
        edits = [edit, *(Edit() for _ in named[1:])]
        yield from ((user, SUMMARIES, edit) for user, edit in zip(named, edits, strict=True))


def _renamed(summary: Mapping[str, Any], user: ErasedUser) -> Mapping[str, Any]:
    """Return what in a summary names parties, with the user's mask; under `deleted#` there is no history or rating."""

    def masked(name: str) -> str:
        return user.mask if name == user.name else name

    renamed: dict[str, Any] = {}
    for field, value in summary.items():
        if isinstance(value, str):
            renamed[field] = masked(value)
            continue
        left = [one for one in value if user.keeps or one != user.name]
        renamed[field] = (
            {masked(one): value[one] for one in left} if isinstance(value, Mapping) else [*map(masked, left)]
        )
    return renamed


def start_of(sort: str) -> int:
    """Return the start of a call, in milliseconds, by its place in a history."""
    return int(sort[:13])
