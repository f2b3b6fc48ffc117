"""The items of the Calls table: events, links and parties. Each id of a call has one partition, `account#id`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from switchboard.timeline.event import Event, Kind

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef, UniversalAttributeValueTypeDef

    type Item = Mapping[str, AttributeValueTypeDef]
    type NewItem = dict[str, UniversalAttributeValueTypeDef]

EVENT, LINK, PARTY = "event#", "link#", "party#"


def key(account: str, call: str, sort: str) -> NewItem:
    """Return the key of an item in the call's partition."""
    return {"pk": {"S": f"{account}#{call}"}, "sk": {"S": sort}}


def event_item(event: Event) -> NewItem:
    """Return the event's item. The same event has the same key, so it is stored once. Keys sort by time."""
    item = key(event.account, event.call, f"{EVENT}{event.at:013d}#{event.key}")
    item |= {
        "account": {"S": event.account},
        "call": {"S": event.call},
        "kind": {"S": event.kind},
        "at": {"N": str(event.at)},
        "details": {"S": json.dumps(dict(event.details), separators=(",", ":"))},
    }
    if event.subscriber is not None:
        item["subscriber"] = {"S": event.subscriber}
    return item


def event_in(item: Item) -> Event:
    """Return the event in an item."""
    return Event(
        account=item["account"]["S"],
        call=item["call"]["S"],
        kind=Kind(item["kind"]["S"]),
        at=int(item["at"]["N"]),
        subscriber=item["subscriber"]["S"] if "subscriber" in item else None,
        details=json.loads(item["details"]["S"]),
    )


def link_items(account: str, main: str, other: str) -> tuple[NewItem, NewItem]:
    """Return the two items of a link, one in each partition; `main` is the id under which the call is listed."""
    return key(account, main, LINK + other), {**key(account, other, LINK + main), "main": {"S": main}}


def party_in(item: Item) -> tuple[str, int]:
    """Return the party for whom a call is listed, and the listed start (epoch milliseconds)."""
    return sort_of(item).removeprefix(PARTY), int(item["started_at"]["N"])


def sort_of(item: Item) -> str:
    """Return an item's sort key."""
    return item["sk"]["S"]
