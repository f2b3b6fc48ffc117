"""Calls' timelines, histories and their writer in memory."""

from collections.abc import Callable, Collection, Sequence

from switchboard.foundation.errors import InvalidFieldError, UnavailableError
from switchboard.timeline.answers import ListedCall
from switchboard.timeline.entry import MOST_IDS, MOST_OF_APPS, Entry, named_ids
from switchboard.timeline.event import OF_APP, Event, Kind
from switchboard.timeline.ports import OpenedCall, Page
from switchboard.timeline.rows import row_of
from switchboard.timeline.summary import CallSummary, parties_of


class FakeTimelineWriter:
    """Implements TimelineWriter."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.down = False

    def put(self, events: Sequence[Event]) -> None:
        if self.down:
            raise UnavailableError("not_queued", "the queue is down")
        self.events.extend(events)


class FakeTimelines:
    """Implements ports.timelines' Timelines, Entries and Histories."""

    def __init__(self) -> None:
        self._stored: dict[tuple[str, str], dict[str | None, dict[str, Event]]] = {}  # by id, then by teller
        self._pointers: dict[tuple[str, str], str] = {}
        self._said: dict[tuple[str, str], dict[str, str]] = {}
        self._rows: dict[tuple[str, str], dict[str, tuple[int, ListedCall]]] = {}

    def put(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            kept = self._stored.setdefault((entry.account, entry.call), {}).setdefault(entry.told_by, {})
            kept.update({event.key: event for event in entry.events})

    def point(self, account: str, push_id: str, call_sid: str) -> str:
        return self._pointers.setdefault((account, push_id), call_sid)

    def has_push(self, account: str, call_sid: str, push_key: str) -> bool:
        told = self._told(account, call_sid, None)
        return any(e.kind is Kind.PUSH_ACCEPTED and e.details.get("push_key") == push_key for e in told)

    def read(self, account: str, call: str, reader: str | None = None) -> Sequence[Event]:
        known = self.call_of(account, call, None)
        said = self._said.get((account, call), {})
        sayings = [known] if known else [said[n] for n in said if reader in (None, n)]
        for main in filter(None, sayings):
            opened = self.open(account, main)
            if opened:
                return opened.events
            return _sorted(self._told(account, main, None))
        teller = reader or (call.removeprefix(OF_APP) if call.startswith(OF_APP) else None)
        tellers = self._stored.get((account, call), {})
        return _sorted([e for name, told in tellers.items() if name and teller in (None, name) for e in told.values()])

    def calls_of(self, account: str, name: str, limit: int, cursor: str | None = None, since: int = 0) -> Page:
        rows = sorted(
            (row for row in self._rows.get((account, name), {}).values() if row[0] >= since),
            key=lambda row: (row[0], row[1]["id"]),
            reverse=True,
        )
        try:
            begin = int(cursor) if cursor else 0
        except ValueError:
            raise InvalidFieldError("invalid_cursor", "cursor is not one of ours", field="cursor") from None
        calls = [row for _, row in rows[begin : begin + limit]]
        return Page(calls, str(begin + limit) if len(rows) > begin + limit else None)

    def call_of(self, account: str, call: str, told_by: str | None) -> str | None:
        if (account, call) in self._pointers:
            return self._pointers[account, call]
        if self._told(account, call, None):
            return call
        return self._said.get((account, call), {}).get(told_by or "")

    def open(
        self, account: str, call: str, told_by: Collection[str] | None = None, *, whole: bool = False
    ) -> OpenedCall | None:
        call = self._pointers.get((account, call), call)
        events = self._told(account, call, None)
        parties = list(dict.fromkeys(name for name in parties_of(events) if name))
        if not parties or (told_by is not None and not set(told_by) & set(parties)):
            return None
        ids = list(dict.fromkeys([call, *(event.call for event in events)]))
        told = [event for party in parties for event in self._of_app(account, call, party, ids)]
        return OpenedCall(account, call, parties, _sorted([*events, *told]), 0)

    def began(self, account: str, call: str) -> int | None:
        return min((event.at for event in self._told(account, call, None)), default=None)

    def replace(self, entry: Entry, left: Entry | None) -> None:
        del self._stored[entry.account, entry.call][entry.told_by]
        if left is not None:
            self.put([left])

    def list(self, call: OpenedCall, summary: CallSummary) -> bool:
        for (account, _), calls in self._rows.items():
            if account == call.account:
                calls.pop(call.id, None)
        for party in call.parties:
            row = row_of(call.id, party, summary)
            self._rows.setdefault((call.account, party), {})[call.id] = (summary.started_at or 0, row)
        return True

    def _of_app(self, account: str, call: str, party: str, ids: Sequence[str]) -> Sequence[Event]:
        seen, found, take = list(ids), list[Event](), 0
        while take < len(seen[:MOST_IDS]):
            found += self._told(account, seen[take], party)
            take += 1
            for one in (one for one in named_ids(found) if one not in seen):
                seen.append(one)
                self._said.setdefault((account, one), {})[party] = call
        return found[:MOST_OF_APPS]

    def _told(self, account: str, call: str, told_by: str | None) -> Sequence[Event]:
        return list(self._stored.get((account, call), {}).get(told_by, {}).values())


def _sorted(events: Sequence[Event]) -> Sequence[Event]:
    key: Callable[[Event], tuple[int, str]] = lambda event: (event.at, event.key)  # noqa: E731
    return sorted({event.key: event for event in events}.values(), key=key)
