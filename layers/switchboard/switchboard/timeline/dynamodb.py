"""Calls' timelines in DynamoDB (docs/decisions/0024)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from switchboard.aws.partition import items_of
from switchboard.foundation.clock import Clock
from switchboard.foundation.errors import UnavailableError
from switchboard.timeline.correlation import pair_of
from switchboard.timeline.event import Event, Kind
from switchboard.timeline.items import (
    EVENT,
    LINK,
    PARTY,
    event_in,
    event_item,
    key,
    link_items,
    party_in,
    sort_of,
)
from switchboard.timeline.party import parties_of
from switchboard.timeline.party_calls import Listing, PartyCalls
from switchboard.timeline.ports import Page

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import WriteRequestTypeDef

    from switchboard.timeline.items import Item, NewItem

_OF_KIND, _FROM = " AND begins_with(sk, :sk)", " AND sk >= :sk"
_AT_ONCE = 25  # items; BatchWriteItem's limit
_TRIES = 5  # for items that DynamoDB leaves unprocessed
_MOST_IDS = 32  # of one call
_MOST_EVENTS = 2_000  # of one call


class DynamoTimelines:
    """Implements Timelines; items expire after `days`."""

    def __init__(self, client: DynamoDBClient, table: str, clock: Clock, days: int) -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._days = days
        self._parties = PartyCalls(client, table, self._expires_at)

    def add(self, events: Sequence[Event]) -> None:
        """Write the events, then list their calls. After a failure the whole can be repeated, with the same result."""
        self._write([{"PutRequest": {"Item": self._kept(event_item(e))}} for e in {e.key: e for e in events}.values()])
        seen: dict[tuple[str, str, str], int] = {}
        for event in events:
            for party in parties_of(event):
                where = (event.account, event.call, party)
                seen[where] = min(event.at, seen.get(where, event.at))
        listings = {(account, call): self._listing(account, call) for account, call, _ in seen}
        for (account, call, party), at in seen.items():
            self._parties.add(account, listings[account, call], party, at)

    def link(self, account: str, call_sid: str, other: str) -> None:
        """Link the main ids of both ids' calls, and list the call under the main id of `call_sid`."""
        listing, (moved, _) = self._listing(account, call_sid), self._listing(account, other)
        if listing.main == moved:
            return
        links = link_items(account, listing.main, moved)
        self._write([{"PutRequest": {"Item": self._kept(item)}} for item in links])
        listed = dict(map(party_in, self._items(account, moved, _OF_KIND, PARTY)))  # after the link no party is added
        for party, at in listed.items():
            self._parties.add(account, listing, party, at)
        self._write([{"DeleteRequest": {"Key": key(account, moved, PARTY + party)}} for party in listed])

    def read(self, account: str, call: str) -> Sequence[Event]:
        """Follow the links in both directions, to at most 32 ids and the newest 2,000 events."""
        seen, waiting, events = {call}, [call], dict[str, Event]()
        while waiting and len(events) < _MOST_EVENTS:
            for item in self._items(account, waiting.pop()):
                sort = sort_of(item)
                if sort.startswith(EVENT):
                    events[sort] = event_in(item)
                    if len(events) >= _MOST_EVENTS:
                        break
                other = sort.removeprefix(LINK)
                if sort.startswith(LINK) and other not in seen and len(seen) < _MOST_IDS:
                    seen.add(other)
                    waiting.append(other)
        return sorted(events.values(), key=lambda event: (event.at, event.key))

    def about(self, account: str, kind: Kind, pair: tuple[str, str], since: int, until: int) -> Sequence[Event]:
        """Search the caller's calls of that time; a push that is linked to a call is no longer listed on its own."""
        found = []
        for call in self._parties.between(account, pair[0], since, until):
            events = map(event_in, self._items(account, call, _OF_KIND, EVENT))
            found += [f for f in events if f.kind is kind and pair_of(f) == pair and since <= f.at <= until]
        return sorted(found, key=lambda event: (event.at, event.key))

    def calls_of(self, account: str, name: str, limit: int, cursor: str | None = None) -> Page:
        """Return a page of the index ByParty."""
        return self._parties.page(account, name, limit, cursor)

    def _listing(self, account: str, call: str) -> Listing:
        """Return the id under which the call is listed, and its listed parties."""
        for _ in range(_MOST_IDS):
            items = list(self._items(account, call, _FROM, LINK))  # with the parties, which sort after the links
            above = next((item["main"]["S"] for item in items if "main" in item), None)
            if above is None:
                break
            call = above
        return Listing(call, dict(party_in(item) for item in items if "party" in item))

    def _items(self, account: str, call: str, and_sort: str = "", sort: str = "") -> Iterator[Item]:
        values = {":pk": {"S": f"{account}#{call}"}} | ({":sk": {"S": sort}} if sort else {})
        return items_of(
            self._client,
            {
                "TableName": self._table,
                "KeyConditionExpression": "pk = :pk" + and_sort,
                "ExpressionAttributeValues": values,
                "ConsistentRead": True,
                "ScanIndexForward": False,  # the links, then the newest events
            },
        )

    def _write(self, requests: Sequence[WriteRequestTypeDef]) -> None:
        for start in range(0, len(requests), _AT_ONCE):
            self._write_batch(requests[start : start + _AT_ONCE])

    def _write_batch(self, requests: Sequence[WriteRequestTypeDef]) -> None:
        left: Iterable[WriteRequestTypeDef] = requests
        for _ in range(_TRIES):
            answer = self._client.batch_write_item(RequestItems={self._table: list(left)})
            left = answer["UnprocessedItems"].get(self._table, [])  # type: ignore[assignment]
            if not left:
                return
        raise UnavailableError("unavailable", "the Calls table did not take all events; try again", retry_after=1)

    def _kept(self, item: NewItem) -> NewItem:
        return {**item, "expires_at": {"N": str(self._expires_at())}}

    def _expires_at(self) -> int:
        return int(self._clock()) + self._days * 86_400
