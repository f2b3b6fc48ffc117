"""The calls of each party, by start: the party items of the Calls table, and their index ByParty."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from switchboard.foundation.errors import InvalidFieldError
from switchboard.timeline.items import PARTY, key
from switchboard.timeline.ports import Page

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

    from switchboard.timeline.items import Item, NewItem

_EARLIER_MS = 60_000  # clock differences of phones: a call may be listed this much before its Dial Whom
_MOST = 50  # calls of one caller within the ring time
_INDEX = "ByParty"


class Listing(NamedTuple):
    """The id under which a call is listed, and the listed start for each party (epoch milliseconds)."""

    main: str
    since: Mapping[str, int]


class PartyCalls:
    """Lists calls by party and start; `expires_at` returns the expiry of a new item, in epoch seconds."""

    def __init__(self, client: DynamoDBClient, table: str, expires_at: Callable[[], int]) -> None:
        self._client = client
        self._table = table
        self._expires_at = expires_at

    def add(self, account: str, seen: Listing, party: str, at: int) -> None:
        """List the call with the start `at`, unless an earlier one is known: a write without a change costs as much."""
        if at >= seen.since.get(party, at + 1):
            return
        try:
            self._client.update_item(
                TableName=self._table,
                Key=key(account, seen.main, PARTY + party),
                UpdateExpression="SET party = :party, started_at = :at, expires_at = :expires_at",
                ConditionExpression="attribute_not_exists(started_at) OR started_at > :at",
                ExpressionAttributeValues={
                    ":party": {"S": f"{account}#{party}"},
                    ":at": {"N": str(at)},
                    ":expires_at": {"N": str(self._expires_at())},
                },
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return  # another function has listed it with an earlier start

    def between(self, account: str, party: str, since: int, until: int) -> Sequence[str]:
        """Return the calls that began between `since`, less _EARLIER_MS, and `until` (milliseconds)."""
        answer = self._client.query(
            TableName=self._table,
            IndexName=_INDEX,
            KeyConditionExpression="party = :party AND started_at BETWEEN :since AND :until",
            ExpressionAttributeValues={
                ":party": {"S": f"{account}#{party}"},
                ":since": {"N": str(since - _EARLIER_MS)},
                ":until": {"N": str(until)},
            },
            ScanIndexForward=False,
            Limit=_MOST,
        )
        return [_call(account, item) for item in answer["Items"]]

    def page(self, account: str, party: str, limit: int, cursor: str | None) -> Page:
        """Return the calls after `cursor`, newest first. One more is queried, to find out if there is a next page."""
        begin = {"ExclusiveStartKey": _start(account, party, cursor)} if cursor else {}
        answer = self._client.query(
            TableName=self._table,
            IndexName=_INDEX,
            KeyConditionExpression="party = :party",
            ExpressionAttributeValues={":party": {"S": f"{account}#{party}"}},
            ScanIndexForward=False,
            Limit=limit + 1,
            **begin,  # type: ignore[arg-type]
        )
        items = answer["Items"]
        calls = [_call(account, item) for item in items[:limit]]
        return Page(calls, _cursor(account, items[limit - 1]) if len(items) > limit else None)


def _call(account: str, item: Item) -> str:
    return item["pk"]["S"].removeprefix(f"{account}#")


def _cursor(account: str, item: Item) -> str:
    text = json.dumps([_call(account, item), int(item["started_at"]["N"])], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _start(account: str, party: str, cursor: str) -> NewItem:
    """Return the start key of a page; account and party are those of the request, never the cursor's."""
    try:
        call, at = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        call.encode()
    except (ValueError, TypeError, AttributeError, RecursionError):
        call, at = "", None
    if not call or len(call) > 256 or type(at) is not int or not 0 <= at < 10**13:
        raise InvalidFieldError("invalid_cursor", "cursor is not one that this service returned", field="cursor")
    return key(account, call, PARTY + party) | {"party": {"S": f"{account}#{party}"}, "started_at": {"N": str(at)}}
