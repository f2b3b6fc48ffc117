"""Calls' timelines and histories in DynamoDB (docs/decisions/0052)."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from switchboard.aws.attributes import item_of, values_in
from switchboard.foundation.errors import InvalidFieldError, UnavailableError
from switchboard.timeline.event import OF_APP
from switchboard.timeline.items import APP, LISTED, key, row_key, rows_in, sort_of
from switchboard.timeline.partitions import Partitions
from switchboard.timeline.ports import Page
from switchboard.timeline.rows import row_of, summary_of
from switchboard.timeline.summary import parties_of

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

    from switchboard.aws.attributes import Item, NewItem
    from switchboard.foundation.clock import Clock
    from switchboard.timeline.event import Event

_MOST_EVENTS = 2_000  # of an id that the platform does not know
_MOST_SAYINGS = 16  # of different subscribers about one id
LONGEST_NAME = 100  # characters; Dial Whom's limit for a caller
_TRIES = 3  # for summaries that DynamoDB leaves unread


class DynamoTimelines:
    """Implements Timelines."""

    def __init__(self, client: DynamoDBClient, table: str, clock: Clock) -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._partitions = Partitions(client, table, clock)

    def read(self, account: str, call: str, reader: str | None = None) -> Sequence[Event]:
        """Read the platform's part of the id's call, then for each party what that party's app told."""
        for main, says in self._mains(account, call, reader):
            found = self._partitions.platform(account, main)
            parties = named_parties(found.events)
            if parties and (says is None or says in parties):
                return sorted_once([*found.events, *self._of_apps(account, main, parties, found.events)])
            if found.events and says is None:  # without a party, no app is believed
                return sorted_once(found.events)
        teller = reader or (call.removeprefix(OF_APP) if call.startswith(OF_APP) else None)
        sort = APP if teller is None else f"{APP}{teller}#"
        return self._partitions.newest_of_apps(account, call, sort, _MOST_EVENTS)

    def calls_of(self, account: str, name: str, limit: int, cursor: str | None = None, since: int = 0) -> Page:
        """Return a page by two reads. One row more is read, to find out if there is a next page."""
        begin: Any = {"ExclusiveStartKey": _start(account, name, cursor)} if cursor else {}
        answer = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND sk >= :since",
            ExpressionAttributeValues=item_of({":pk": f"{account}#party#{name}", ":since": f"{since:013d}"}),
            ScanIndexForward=False,
            Limit=limit + 1,
            **begin,
        )
        items, now = answer["Items"], int(self._clock())
        rows = [sort_of(item) for item in items[:limit] if int(item["expires_at"]["N"]) > now]
        listed = self._listed(account, [call_in(row) for row in rows])
        calls = [
            row_of(call, name, summary_of(found))
            for row in rows
            if (found := listed.get(call := call_in(row))) is not None and (name, row) in rows_in(found, call)
        ]
        return Page(calls, _cursor(items[limit - 1]) if len(items) > limit else None)

    def _listed(self, account: str, calls: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        """Return what is stored of these calls' summaries. Raises UnavailableError."""
        keys: Any = [key(account, call, LISTED) for call in dict.fromkeys(calls)]
        found: dict[str, Mapping[str, Any]] = {}
        for _ in range(_TRIES):
            if not keys:
                return found
            answer = self._client.batch_get_item(RequestItems={self._table: {"Keys": keys}})
            items = answer["Responses"].get(self._table, [])
            found |= {item["pk"]["S"].removeprefix(f"{account}#"): values_in(item) for item in items}
            unread: Any = answer["UnprocessedKeys"]
            keys = unread.get(self._table, {}).get("Keys", [])
        raise UnavailableError("unavailable", "the Calls table did not return all calls; try again", retry_after=1)

    def _mains(self, account: str, call: str, reader: str | None) -> Iterator[tuple[str, str | None]]:
        """Yield the calls that an id may mean, each with the subscriber who says so, or None for the platform."""
        if main := self._partitions.first(account, call):
            yield main, None
            return
        if reader is not None:
            said = self._partitions.said(account, call, reader)
            yield from [(said, reader)] if said else []
            return
        sayings = self._partitions.platform(account, call).said.items()
        for name, (main, _) in sorted(sayings, key=lambda saying: saying[1][1])[:_MOST_SAYINGS]:
            yield main, name

    def _of_apps(self, account: str, main: str, parties: Sequence[str], events: Sequence[Event]) -> Iterator[Event]:
        for party in parties:
            yield from self._partitions.told(account, party, ids_of(main, events, party), lambda _: None).events


def named_parties(events: Sequence[Event]) -> Sequence[str]:
    """Return caller and callee, as far as the platform names them and they can have a history."""
    named = [name for name in parties_of(events) if name and len(name) <= LONGEST_NAME and "#" not in name]
    return list(dict.fromkeys(named))


def ids_of(main: str, events: Sequence[Event], party: str) -> Sequence[str]:
    """Return the call's ids as the platform knows them: its own, and those of its pushes to the party."""
    theirs = (event.call for event in events if event.subscriber in (None, party))
    return list(dict.fromkeys([main, *theirs]))


def sorted_once(events: Sequence[Event]) -> Sequence[Event]:
    """Return each event once, sorted by time."""
    return sorted({event.key: event for event in events}.values(), key=lambda event: (event.at, event.key))


def call_in(row: str) -> str:
    """Return the id of the call in a row's sort key."""
    return row.partition("#")[2]


def _cursor(item: Item) -> str:
    return base64.urlsafe_b64encode(json.dumps(item["sk"]["S"]).encode()).decode().rstrip("=")


def _start(account: str, name: str, cursor: str) -> NewItem:
    """Return the start key of a page; account and subscriber are those of the request, never the cursor's."""
    try:
        sort = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        sort.encode()
        at, _, call = sort.partition("#")
    except (ValueError, TypeError, AttributeError, RecursionError):
        at, call = "", ""
    if len(at) != 13 or not at.isdecimal() or not 1 <= len(call) <= 256:
        raise InvalidFieldError("invalid_cursor", "cursor is not one that this service returned", field="cursor")
    return row_key(account, name, sort)
