"""Reads the partitions of a call's ids in the Calls table.

Items past their expiry are skipped here, because DynamoDB deletes them late.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from switchboard.aws.attributes import item_of, values_in
from switchboard.aws.partition import pages_of
from switchboard.timeline.entry import MOST_IDS, MOST_OF_APPS, named_ids
from switchboard.timeline.items import APP, EVENT, LISTED, OF_APP, POINTER, SAID, events_in, sort_of

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

    from switchboard.aws.attributes import Item
    from switchboard.foundation.clock import Clock
    from switchboard.timeline.event import Event

MOST_PAGES = 14  # queries of one party's entries in one call
_FIRST = 3  # items, of which some may have expired
MOST_ROUNDS = 3  # from the platform's ids to a session, and from there to ids that only its events name


@dataclass(slots=True)
class Partition:
    """The items of one id, without the apps' entries. `said` has for each subscriber the call and when it was said."""

    events: list[Event] = field(default_factory=list)
    pointer: str | None = None
    listed: Mapping[str, Any] = field(default_factory=dict)
    said: dict[str, tuple[str, int]] = field(default_factory=dict)


@dataclass(slots=True)
class Told:
    """What one subscriber's app told of a call; `surplus` are items above the limit, with the events to be kept.

    `named` are the ids that only its events name. `beyond_acks`: something that can change a summary.
    """

    events: list[Event] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    beyond_acks: bool = False
    surplus: list[tuple[Item, Sequence[Event], int]] = field(default_factory=list)
    pages: int = 0


class Partitions:
    """Reads by the keys of `items.py`, consistently."""

    def __init__(self, client: DynamoDBClient, table: str, clock: Clock) -> None:
        self._client = client
        self._table = table
        self._clock = clock

    def platform(self, account: str, call: str) -> Partition:
        """Return the platform's part of an id's partition, which no app can make longer."""
        found = Partition()
        for page in self._pages(account, call, " AND sk >= :sk", {":sk": POINTER}):
            for item in page:
                self._add(found, item)
        return found

    def first(self, account: str, call: str) -> str | None:
        """Return the CallSid of a pushId, or the id itself if the platform knows it, by one small query."""
        values = {":sk": POINTER, ":end": f"{EVENT}~"}
        page = next(self._pages(account, call, " AND sk BETWEEN :sk AND :end", values, Limit=_FIRST))
        for item in page:
            return str(item["call"]["S"]) if sort_of(item) == POINTER else call
        return None

    def said(self, account: str, call: str, name: str) -> str | None:
        """Return the call that the subscriber's app says an id belongs to."""
        page = next(self._pages(account, call, " AND sk = :sk", {":sk": SAID + name}))
        return next((str(item["call"]["S"]) for item in page), None)

    def told(self, account: str, name: str, ids: Sequence[str], naming: Callable[[Sequence[str]], None]) -> Told:
        """Return what the subscriber's app told under these ids and under those that its events name.

        `naming` gets the further ids before they are read: an entry that arrives under one later finds its way then.
        """
        told, waiting = Told(ids=list(dict.fromkeys(ids))[:MOST_IDS]), list(dict.fromkeys(ids))[:MOST_IDS]
        for _ in range(MOST_ROUNDS):
            for call in waiting:
                self._read_entries(told, account, name, call)
            named = [one for one in named_ids(told.events) if one not in told.ids]
            waiting = named[: MOST_IDS - len(told.ids)]
            if not waiting:
                break
            naming(waiting)
            told.ids += waiting
            told.named += waiting
        return told

    def newest_of_apps(self, account: str, call: str, sort: str, most: int) -> list[Event]:
        """Return the newest events that apps told under an id, without looking at any other id."""
        found: list[Event] = []
        for page in self._pages(account, call, " AND begins_with(sk, :sk)", {":sk": sort}, ScanIndexForward=False):
            found += [event for item in page for event in events_in(item)]
            if len(found) >= most:
                break
        return sorted(found, key=lambda event: (event.at, event.key))[-most:]

    def _read_entries(self, told: Told, account: str, name: str, call: str) -> None:
        if told.pages >= MOST_PAGES or told.surplus:
            return
        for page in self._pages(account, call, " AND begins_with(sk, :sk)", {":sk": f"{APP}{name}#"}):
            told.pages += 1
            for item in page:
                told.beyond_acks = told.beyond_acks or item["source"]["S"] == OF_APP
                events = events_in(item)
                kept = events[: MOST_OF_APPS - len(told.events)]
                told.events += kept
                if len(kept) < len(events):
                    told.surplus.append((item, kept, len(events) - len(kept)))
            if told.pages >= MOST_PAGES or told.surplus:
                return

    def _add(self, found: Partition, item: Item) -> None:
        sort = sort_of(item)
        if sort.startswith(EVENT):
            found.events += events_in(item)
        elif sort == POINTER:
            found.pointer = item["call"]["S"]
        elif sort == LISTED:
            found.listed = values_in(item)
        elif sort.startswith(SAID):
            found.said[sort.removeprefix(SAID)] = (item["call"]["S"], int(item["at"]["N"]))

    def _pages(
        self, account: str, call: str, and_sort: str, values: Mapping[str, str], **options: bool | int
    ) -> Iterator[list[Item]]:
        now = int(self._clock())
        query: Any = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk" + and_sort,
            "ExpressionAttributeValues": item_of({":pk": f"{account}#{call}", **values}),
            "ConsistentRead": True,
            **options,
        }
        for page in pages_of(self._client, query):
            yield [item for item in page if int(item["expires_at"]["N"]) > now]
