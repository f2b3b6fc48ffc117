"""Takes deleted users out of what is read of a call, so that they are a party of none (docs/decisions/0076)."""

from collections.abc import Collection, Sequence

from switchboard.subscribers.ports import ErasedUsers
from switchboard.timeline.erased_names import masked, names_in
from switchboard.timeline.erasing import start_of
from switchboard.timeline.event import Event

type Row = tuple[str, str]  # of a history: whose it is, and the sort key


class ErasedParties:
    """Tells by when a call began which user of a name it was. Without `users` nobody was deleted."""

    def __init__(self, users: ErasedUsers | None) -> None:
        self._users = users

    def out_of(self, account: str, events: Sequence[Event]) -> tuple[Sequence[Event], Sequence[str]]:
        """Return a call's events without the names of deleted users, and these names."""
        began = began_at(events)
        if self._users is None or began is None:
            return events, ()
        users = [user for user in self._users.of(account, names_in(events)) if user.was(began)]
        return masked(events, users), [user.name for user in users]

    def rows_among(self, account: str, rows: Collection[Row]) -> set[Row]:
        """Return the rows that stand in histories of deleted users."""
        users = self._users.of(account, [name for name, _ in rows]) if self._users and rows else ()
        return {row for row in rows for user in users if row[0] == user.name and user.was(start_of(row[1]))}


def began_at(events: Sequence[Event]) -> int | None:
    """Return when a call began, in milliseconds, by what the platform told of it; None if by nothing."""
    return min((event.at for event in events), default=None)
