"""Bring the histories of a call's parties up to date after something about the call was stored."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from switchboard.foundation.errors import UnavailableError
from switchboard.timeline.ports import Histories, OpenedCall
from switchboard.timeline.summary import summarise

type Main = tuple[str, str]  # of a call: account and id
type Where = tuple[str, str, str | None]  # of an entry: account, id, and the subscriber whose app told it, if one did


@dataclass(frozen=True, slots=True)
class UpdateHistories:
    """Summarises calls for their parties. An app's word makes no call appear, and none in anybody else's history."""

    histories: Histories

    def call_of(self, entry: Where) -> Main | None:
        """Return account and id of the call in which an entry belongs, or None while the platform knows of none.

        Of the platform's own entry it is the id; should there be a pointer, `open` follows it.
        """
        account, call, told_by = entry
        found = call if told_by is None else self.histories.call_of(account, call, told_by)
        return (account, found) if found else None

    def calls_of(
        self, account: str, call: str, tellers: Collection[str | None]
    ) -> Mapping[str | None, tuple[str, str]]:
        """Return the same for each teller of entries under one id; the platform's word for it is looked up once."""
        known = self.histories.call_of(account, call, None) if len(tellers) > 1 else None
        found = {one: (account, known) if known else self.call_of((account, call, one)) for one in tellers}
        return {teller: main for teller, main in found.items() if main}

    def __call__(self, account: str, call: str, told_by: Iterable[str | None]) -> OpenedCall | None:
        """Update the call in its parties' histories; return the call, or None if there is nothing to do.

        `told_by` has the tellers of what was stored, None for the platform. Errors of the stores are raised.
        """
        tellers = set(told_by)
        only: Collection[str] | None = None if None in tellers else {name for name in tellers if name}
        for whole in (False, True):
            opened = self.histories.open(account, call, only, whole=whole)
            if opened is None or self.histories.list(opened, summarise(opened.events)):
                return opened
        raise UnavailableError("busy", "other invocations are listing the call; try again")
