"""All calls of a period, by a scan of the Calls table: no index has them, and no function needs them."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from switchboard.aws.attributes import item_of
from switchboard.timeline.event import OF_APP, Event
from switchboard.timeline.items import POINTER, SAID, events_in, sort_of, where
from switchboard.timeline.summary import parties_of

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import ScanInputTypeDef

    from switchboard.aws.attributes import Item


class DynamoTimelineScan:
    """Reads the whole table (billed by its size) and returns the events of one account and period."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def calls(self, account: str, since: int, until: int) -> Sequence[Sequence[Event]]:
        """Return the events of the period (milliseconds), grouped by call, in the order of their times.

        Of the apps' events only those of a call's parties, and those without a call.
        """
        told = list[tuple[str, str | None, Event]]()  # id, teller, event
        pointers, said = dict[str, str](), dict[tuple[str, str], str]()
        for item in self._items(account):
            sort, call = sort_of(item), item["pk"]["S"].partition("#")[2]
            if sort == POINTER:
                pointers[call] = item["call"]["S"]
            elif sort.startswith(SAID):
                said[call, sort.removeprefix(SAID)] = item["call"]["S"]
            else:
                _, _, teller = where(item)
                told += [(call, teller, event) for event in events_in(item) if since <= event.at <= until]
        calls = defaultdict[str, list[Event]](list)
        for call, teller, event in told:
            calls[pointers.get(call) or said.get((call, teller or ""), call)].append(event)
        return [believed for call, events in calls.items() if (believed := _believed(call, events))]

    def _items(self, account: str) -> Iterator[Item]:
        scan: ScanInputTypeDef = {
            "TableName": self._table,
            "FilterExpression": "begins_with(pk, :account) AND expires_at > :now"
            " AND (attribute_exists(#source) OR sk = :pointer OR begins_with(sk, :said))",
            "ExpressionAttributeNames": {"#source": "source"},
            "ExpressionAttributeValues": item_of(
                {":account": f"{account}#", ":now": int(time.time()), ":pointer": POINTER, ":said": SAID}
            ),
        }
        while True:
            answer = self._client.scan(**scan)
            yield from answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            scan = {**scan, "ExclusiveStartKey": answer["LastEvaluatedKey"]}


def _believed(call: str, events: Sequence[Event]) -> Sequence[Event]:
    """Return the platform's events and the parties'; what an app reports without a call needs no party."""
    parties = [call.removeprefix(OF_APP)] if call.startswith(OF_APP) else parties_of(events)
    of_call = {event.key: event for event in events if not event.of_an_app or event.subscriber in parties}
    return sorted(of_call.values(), key=lambda event: (event.at, event.key))
