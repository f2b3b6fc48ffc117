"""Take deleted users out of what was told after their deletion: late events, redriven messages, streams."""

from collections.abc import Iterable
from dataclasses import dataclass

from switchboard.subscribers.ports import ErasedUsers
from switchboard.timeline.entry import Entry
from switchboard.timeline.erased_names import names_in, without_names
from switchboard.timeline.ports import Histories


@dataclass(frozen=True, slots=True)
class ForgetErased:
    """Replaces stored entries. The next user of a name is told apart by when the entry's call began."""

    users: ErasedUsers
    histories: Histories

    def __call__(self, account: str, call: str | None, entries: Iterable[Entry]) -> None:
        """Take deleted users out of the entries, which belong to that call if one is known.

        It can be repeated. Errors of the stores are raised.
        """
        for entry in entries:
            names = names_in(entry.events) if entry.told_by is None else [entry.told_by, *names_in(entry.events)]
            if found := self.users.of(account, names):
                began = self.histories.began(account, call) if call else None
                users = [user for user in found if user.was(entry.at if began is None else began)]
                if users:
                    self.histories.replace(entry, without_names(entry, users))
