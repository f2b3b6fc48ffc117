"""Writes entries and pointers into the Calls table: one PutItem each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from switchboard.aws.attributes import item_of
from switchboard.foundation.errors import AwsError
from switchboard.timeline.entry import Entry, entries_of
from switchboard.timeline.event import Kind
from switchboard.timeline.items import EVENT, POINTER, entry_items, events_in, key, sort_of

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

    from switchboard.foundation.clock import Clock
    from switchboard.timeline.event import Event
    from switchboard.timeline.ports import TimelineWriter

_LOOKED_AT = 100  # items, for the push that was sent before


class DynamoEntries:
    """Implements Entries; items expire after `days`."""

    def __init__(self, client: DynamoDBClient, table: str, clock: Clock, days: int) -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._days = days

    def put(self, entries: Sequence[Entry]) -> None:
        """Put each entry. An item that exists already is replaced by the same."""
        for entry in entries:
            for item in entry_items(entry, self._expires_at()):
                self._client.put_item(TableName=self._table, Item=item)

    def point(self, account: str, push_id: str, call_sid: str) -> str:
        """Put the pointer if there is none; else return the one that there is."""
        item = key(account, push_id, POINTER) | item_of({"call": call_sid, "expires_at": self._expires_at()})
        try:
            self._client.put_item(
                TableName=self._table,
                Item=item,
                ConditionExpression="attribute_not_exists(pk) OR expires_at <= :now",
                ExpressionAttributeValues=item_of({":now": int(self._clock())}),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._client.exceptions.ConditionalCheckFailedException as exists:
            return str(exists.response["Item"]["call"]["S"])  # type: ignore[typeddict-item]
        return call_sid

    def has_push(self, account: str, call_sid: str, push_key: str) -> bool:
        """Look at the first entries of the call's partition; it is asked only where a caller has dialled again."""
        answer = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ExpressionAttributeValues=item_of({":pk": f"{account}#{call_sid}", ":sk": EVENT}),
            ConsistentRead=True,
            Limit=_LOOKED_AT,
        )
        events = [event for item in answer["Items"] if sort_of(item) for event in events_in(item)]
        accepted = (event for event in events if event.kind is Kind.PUSH_ACCEPTED)
        return any(event.details.get("push_key") == push_key for event in accepted)

    def _expires_at(self) -> int:
        return int(self._clock()) + self._days * 86_400


class DirectWriter:
    """Implements TimelineWriter: writes straight into the Calls table, and queues what DynamoDB does not take.

    `queue` makes the queue's client, which is needed only then.
    """

    def __init__(self, entries: DynamoEntries, queue: Callable[[], TimelineWriter]) -> None:
        self._entries = entries
        self._queue = queue

    def put(self, events: Sequence[Event]) -> None:
        """Write the events down. Raises UnavailableError if DynamoDB and SQS both fail."""
        waiting = list(entries_of(events))
        while waiting:
            try:
                self._entries.put(waiting[:1])
            except AwsError:
                self._queue().put([event for entry in waiting for event in entry.events])
                return
            del waiting[0]
