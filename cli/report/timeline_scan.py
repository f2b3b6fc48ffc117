"""All calls of a period, by a scan of the Calls table: no index has them, and no function needs them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from switchboard.timeline.event import Event
from switchboard.timeline.items import EVENT, LINK, event_in, sort_of

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import ScanInputTypeDef

    from switchboard.timeline.items import Item


class DynamoTimelineScan:
    """Reads the whole table (billed by its size) and returns the events of one account and period."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def calls(self, account: str, since: int, until: int) -> Sequence[Sequence[Event]]:
        """Return the events of the period (milliseconds), grouped by call, in the order of their times."""
        events, mains = list[Event](), dict[str, str]()
        for item in self._items(account, since, until):
            if sort_of(item).startswith(EVENT):
                events.append(event_in(item))
            elif "main" in item:
                mains[item["pk"]["S"].removeprefix(f"{account}#")] = item["main"]["S"]
        calls = defaultdict[str, list[Event]](list)
        for event in sorted(events, key=lambda event: (event.at, event.key)):
            calls[_main(mains, event.call)].append(event)
        return list(calls.values())

    def _items(self, account: str, since: int, until: int) -> Iterator[Item]:
        wanted = "sk BETWEEN :since AND :until OR begins_with(sk, :link)"
        scan: ScanInputTypeDef = {
            "TableName": self._table,
            "FilterExpression": f"begins_with(pk, :account) AND ({wanted})",
            "ExpressionAttributeValues": {
                ":account": {"S": f"{account}#"},
                ":since": {"S": f"{EVENT}{since:013d}"},
                ":until": {"S": f"{EVENT}{until:013d}"},
                ":link": {"S": LINK},
            },
        }
        while True:
            answer = self._client.scan(**scan)
            yield from answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            scan = {**scan, "ExclusiveStartKey": answer["LastEvaluatedKey"]}


def _main(mains: Mapping[str, str], call: str) -> str:
    """Follow the links to the id under which the call is listed."""
    seen = {call}
    while call in mains and mains[call] not in seen:
        call = mains[call]
        seen.add(call)
    return call
