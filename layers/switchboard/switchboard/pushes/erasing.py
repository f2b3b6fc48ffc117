"""Takes deleted users out of the items of the Deliveries table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from switchboard.aws.attributes import values_in
from switchboard.aws.edits import Edit, changed_if

if TYPE_CHECKING:
    from switchboard.aws.attributes import Item
    from switchboard.subscribers.erased import ErasedUser

DELIVERIES = "deliveries"


def edits_of(item: Item, users: Sequence[ErasedUser]) -> Iterator[tuple[ErasedUser, str, Edit]]:
    """Yield what takes a caller's name out of a push or a ringing call; the receiver's is not in them."""
    values = values_in(item)
    account, at = values["pk"].partition("#")[0], values.get("pushed_at") or int(values["sk"].split("#")[1])
    for user in users:
        if (user.account, user.name) == (account, values.get("caller")) and user.was(at):
            yield user, DELIVERIES, changed_if(item, {"caller": ""}, "caller = :name", {":name": user.name})
