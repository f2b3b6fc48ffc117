"""Calls' timelines and their queue in memory."""

from collections.abc import Iterator, Sequence

from switchboard.foundation.errors import InvalidFieldError, UnavailableError
from switchboard.timeline.correlation import pair_of
from switchboard.timeline.event import Event, Kind
from switchboard.timeline.party import parties_of
from switchboard.timeline.ports import Page


class FakeTimelineQueue:
    """Implements ports.timelines.TimelineQueue."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.down = False

    def put(self, events: Sequence[Event]) -> None:
        if self.down:
            raise UnavailableError("not_queued", "the queue is down")
        self.events.extend(events)


class FakeTimelines:
    """Implements ports.timelines.Timelines."""

    def __init__(self) -> None:
        self._events: dict[tuple[str, str], dict[str, Event]] = {}
        self._meant: dict[tuple[str, str], str] = {}
        self._listed: dict[tuple[str, str, str], int] = {}
        self.reads = 0

    def add(self, events: Sequence[Event]) -> None:
        for event in events:
            self._events.setdefault((event.account, event.call), {})[event.key] = event
            for party in parties_of(event):
                self._list(event.account, self._main(event.account, event.call), party, event.at)

    def link(self, account: str, call_sid: str, other: str) -> None:
        main, moved = self._main(account, call_sid), self._main(account, other)
        if main == moved:
            return
        self._meant[account, moved] = main
        for of, call, party in [key for key in self._listed if key[:2] == (account, moved)]:
            self._list(account, main, party, self._listed.pop((of, call, party)))

    def read(self, account: str, call: str) -> Sequence[Event]:
        self.reads += 1
        main = self._main(account, call)
        linked = [found for of, found in self._events if of == account and self._main(account, found) == main]
        events = {event.key: event for one in linked for event in self._events[account, one].values()}
        return sorted(events.values(), key=lambda event: (event.at, event.key))

    def about(self, account: str, kind: Kind, pair: tuple[str, str], since: int, until: int) -> Sequence[Event]:
        found = [event for event in self._all(account) if event.kind is kind and pair_of(event) == pair]
        alone = [one for one in found if self._main(account, one.call) == one.call and since <= one.at <= until]
        return sorted(alone, key=lambda event: (event.at, event.key))

    def calls_of(self, account: str, name: str, limit: int, cursor: str | None = None) -> Page:
        mine = [(at, call) for (of, call, party), at in self._listed.items() if (of, party) == (account, name)]
        try:
            begin = int(cursor) if cursor else 0
        except ValueError:
            raise InvalidFieldError("invalid_cursor", "cursor is not one of ours", field="cursor") from None
        calls = [call for _, call in sorted(mine, reverse=True)]
        more = len(calls) > begin + limit
        return Page(calls[begin : begin + limit], str(begin + limit) if more else None)

    def _main(self, account: str, call: str) -> str:
        while (account, call) in self._meant:
            call = self._meant[account, call]
        return call

    def _list(self, account: str, call: str, party: str, at: int) -> None:
        key = (account, call, party)
        self._listed[key] = min(at, self._listed.get(key, at))

    def _all(self, account: str) -> Iterator[Event]:
        return (event for (of, _), events in self._events.items() if of == account for event in events.values())
