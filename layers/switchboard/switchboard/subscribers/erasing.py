"""Takes deleted users out of the items of the Subscribers table: what is left of their own, and others' contacts."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from switchboard.aws.edits import Edit, deleted, deleted_if
from switchboard.foundation.caller_ids import name_in
from switchboard.subscribers.items import DEVICE_PREFIX, FAMILIAR, OWNER, profile_item, subscriber_in
from switchboard.subscribers.optimistic_lock import unchanged
from switchboard.subscribers.status_dynamodb import PROFILE

if TYPE_CHECKING:
    from switchboard.aws.attributes import Item
    from switchboard.subscribers.erased import ErasedUser
    from switchboard.subscribers.subscriber import ContactGroup, Subscriber

PROFILES, DEVICES, ORIGINS, CONTACTS = "profiles", "devices", "login_origins", "contact_groups"


def edits_of(item: Item, users: Sequence[ErasedUser]) -> Iterator[tuple[ErasedUser, str, Edit]]:
    """Yield what takes users out of an item: all of their own, or their entries in another's contact groups.

    What is written for several users at once is the first one's, and the others' edits are empty.
    """
    (account, _, name), sort = item["pk"]["S"].partition("#"), item["sk"]["S"]
    users = [user for user in users if user.account == account]
    whose = next((user for user in users if user.name == name), None)
    if whose:
        yield from _of_own(item, sort, whose)
    elif sort == PROFILE:
        yield from _of_contacts(subscriber_in(item), users)
    elif sort == OWNER:
        for user in users:
            if item["subscriber"]["S"] == user.name and user.reborn_at is None:
                yield user, DEVICES, deleted_if(item, "subscriber = :name", {":name": user.name})


def _of_own(item: Item, sort: str, user: ErasedUser) -> Iterator[tuple[ErasedUser, str, Edit]]:
    """Yield the deletion of what the deletion of the profile has left, after a crash or a race."""
    if sort.startswith(DEVICE_PREFIX) and user.was(int(item["registered_at"]["N"])):
        yield user, DEVICES, deleted(item)
    elif sort == FAMILIAR and user.reborn_at is None:
        yield user, ORIGINS, deleted(item)
    elif sort == PROFILE and user.reborn_at is None:
        yield user, PROFILES, deleted_if(item, "generation = :seen", {":seen": int(item["generation"]["N"])})


def _of_contacts(subscriber: Subscriber, users: Sequence[ErasedUser]) -> Iterator[tuple[ErasedUser, str, Edit]]:
    """Yield a profile without these contacts. One that was changed since is left: it may name the next user."""
    groups = subscriber.contact_groups or ()
    numbers = {name_in(contact.number) for group in groups for contact in group.contacts}
    named = [user for user in users if user.name in numbers and user.was(subscriber.updated_at * 1000)]
    if named:
        names = {user.name for user in named}
        left = tuple(_without(group, names) for group in groups)
        item = profile_item(replace(subscriber, contact_groups=left))
        edits = [Edit(guarded=("put_item", {"Item": item, **unchanged(subscriber)})), *(Edit() for _ in named[1:])]
        yield from ((user, CONTACTS, edit) for user, edit in zip(named, edits, strict=True))


def _without(group: ContactGroup, names: Container[str]) -> ContactGroup:
    return replace(group, contacts=tuple(one for one in group.contacts if name_in(one.number) not in names))
