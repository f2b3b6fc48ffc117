"""The pushes of a subscriber's calls in the Calls table: one query for the calls, two for a call with one push."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from switchboard.aws.attributes import item_of
from switchboard.timeline.dynamodb import call_in
from switchboard.timeline.entry import MOST_OF_APPS
from switchboard.timeline.event import Kind
from switchboard.timeline.items import APP, sort_of
from switchboard.timeline.partitions import Partitions
from switchboard.timeline.silence import SentPush, pushes_to

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

    from switchboard.foundation.clock import Clock

_MOST_PUSHES = 4  # of one call: Exotel sends one, and repeats it where we were down


class DynamoSentPushes:
    """Implements SentPushes."""

    def __init__(self, client: DynamoDBClient, table: str, clock: Clock) -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._partitions = Partitions(client, table, clock)

    def calls(
        self, account: str, name: str, *, since: int, until: int, most: int, newest: bool = True
    ) -> Sequence[str]:
        """Read rows of the subscriber's history, eventually consistently."""
        values = {":pk": f"{account}#party#{name}", ":since": f"{since:013d}", ":until": f"{until:013d}~"}
        answer = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND sk BETWEEN :since AND :until",
            ExpressionAttributeValues=item_of(values),
            ScanIndexForward=not newest,
            Limit=most,
        )
        now = int(self._clock())
        return [call_in(sort_of(item)) for item in answer["Items"] if int(item["expires_at"]["N"]) > now]

    def of(self, account: str, name: str, call: str) -> Sequence[SentPush]:
        """Read the platform's part of the call, and what the subscriber's app told under each push."""
        events = self._partitions.platform(account, call).events
        pushed = (event for event in events if event.kind is Kind.PUSH_ACCEPTED and event.subscriber == name)
        for push_id in list(dict.fromkeys(str(event.details.get("push_id")) for event in pushed))[:_MOST_PUSHES]:
            events += self._partitions.newest_of_apps(account, push_id, f"{APP}{name}#", MOST_OF_APPS)
        return pushes_to(name, events)
