"""The histories of subscribers in the Calls table: a summary for each party of a call (docs/decisions/0054)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from switchboard.aws.attributes import item_of, values_in
from switchboard.aws.batch_writes import write_all
from switchboard.aws.edits import deleted
from switchboard.foundation.errors import UnavailableError
from switchboard.timeline.dynamodb import ROW_FIELDS, ids_of, named_parties, sorted_once
from switchboard.timeline.erased_names import masked, names_in
from switchboard.timeline.erasing import replaced, start_of
from switchboard.timeline.event_json import encode
from switchboard.timeline.items import LISTED, SAID, entry_items, key, row_key
from switchboard.timeline.partitions import Partitions, Told
from switchboard.timeline.ports import OpenedCall

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

    from switchboard.aws.attributes import Item
    from switchboard.foundation.clock import Clock
    from switchboard.subscribers.ports import ErasedUsers
    from switchboard.timeline.answers import ListedCall
    from switchboard.timeline.entry import Entry
    from switchboard.timeline.event import Event

_MOST_SURPLUS = 20  # items removed at once; what remains is not read, and goes with the next message


class DynamoHistories:
    """Implements Histories; items expire after `days`. `erased` are the deleted users, who are a party of no call."""

    def __init__(
        self, client: DynamoDBClient, table: str, clock: Clock, days: int, erased: ErasedUsers | None = None
    ) -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._days = days
        self._erased = erased
        self._partitions = Partitions(client, table, clock)

    def call_of(self, account: str, call: str, told_by: str | None) -> str | None:
        """Ask the platform first; a teller's own word counts only without its pointer."""
        known = self._partitions.first(account, call)
        return known or (self._partitions.said(account, call, told_by) if told_by else None)

    def open(self, account: str, call: str, told_by: Collection[str] | None = None) -> OpenedCall | None:
        """Read the platform's part, then for each party what that party's app told."""
        found = self._partitions.platform(account, call)
        if found.pointer:
            call, found = found.pointer, self._partitions.platform(account, found.pointer)
        found.events = list(self._without_erased(account, found.events))
        parties = named_parties(found.events)
        if not parties or (told_by is not None and not set(told_by) & set(parties)):
            return None
        ids, said = ids_of(call, found.events), set(found.listed.get("said", ()))
        told: dict[str, Told] = {}
        for party in parties:

            def naming(named: Sequence[str], party: str = party) -> None:
                self._say(account, call, party, [one for one in named if f"{party}#{one}" not in said])

            told[party] = self._partitions.told(account, party, ids, naming)
        events = sorted_once([*found.events, *(event for one in told.values() for event in one.events)])
        named = sorted(f"{party}#{one}" for party, one in _pairs(told) if one not in ids)
        surplus = [one for of in told.values() for one in of.surplus][:_MOST_SURPLUS]
        dropped = sum(count for _, _, count in surplus)
        state = {"listed": found.listed, "said": named, "surplus": surplus}
        return OpenedCall(account, call, parties, events, dropped, state)

    def began(self, account: str, call: str) -> int | None:
        """Read the platform's part."""
        return _began(self._partitions.platform(account, call).events)

    def replace(self, entry: Entry, left: Entry | None) -> None:
        """Put and delete by one request: an entry has one item, rarely more."""
        for new in entry_items(entry, self._expires_at()):
            item = cast("Item", new)
            edit = deleted(item) if left is None else replaced(item, left)
            write_all(self._client, self._table, edit.writes)

    def list(self, call: OpenedCall, started_at: int, rows: Mapping[str, ListedCall]) -> None:
        """Write what differs: where the call is listed, its rows, and the removal of old rows and of the surplus."""
        sort = f"{started_at:013d}#{call.id}"
        listed = cast("Mapping[str, Any]", call.state["listed"])
        wanted = sorted(f"{party}#{sort}" for party in rows)
        before = sorted({*listed.get("rows", ()), *listed.get("old", ())} - set(wanted))
        known = self._without_rows_of_erased(call.account, before)
        there = self._rows(call.account, [*wanted, *known])
        if wanted != listed.get("rows") or call.state["said"] != listed.get("said"):
            self._claim(call, listed, wanted, [one for one in known if one in there])
        for party, row in rows.items():
            self._put_row(call, party, sort, row, there.get(f"{party}#{sort}"))
        gone = [row_key(call.account, *one.split("#", 1)) for one in known if one in there]
        write_all(self._client, self._table, [*({"DeleteRequest": {"Key": one}} for one in gone), *self._surplus(call)])

    def _without_erased(self, account: str, events: Sequence[Event]) -> Sequence[Event]:
        users = self._erased.of(account, names_in(events)) if self._erased and events else ()
        began = _began(events)
        return masked(events, [user for user in users if began is not None and user.was(began)])

    def _without_rows_of_erased(self, account: str, rows: Sequence[str]) -> Sequence[str]:
        """Delete the rows of deleted users, before anything else names them; return the other rows."""
        users = self._erased.of(account, [row.split("#", 1)[0] for row in rows]) if self._erased and rows else ()
        gone = [row for row in rows for user in users if row.startswith(f"{user.name}#") and user.was(start_of(row))]
        keys = [row_key(account, *row.split("#", 1)) for row in gone]
        write_all(self._client, self._table, [{"DeleteRequest": {"Key": one}} for one in keys])
        return [row for row in rows if row not in gone]

    def _claim(self, call: OpenedCall, listed: Mapping[str, Any], wanted: Sequence[str], old: Sequence[str]) -> None:
        """Write down where the call is listed. Raises UnavailableError if that has been done meanwhile."""
        version = int(listed.get("version", 0))
        item = key(call.account, call.id, LISTED) | item_of(
            {
                "version": version + 1,
                "rows": wanted,
                "old": old,
                "said": cast("Sequence[str]", call.state["said"]),
                "expires_at": self._expires_at(),
            }
        )
        try:
            self._client.put_item(
                TableName=self._table,
                Item=item,
                ConditionExpression="attribute_not_exists(version) OR version = :version OR expires_at <= :now",
                ExpressionAttributeValues=item_of({":version": version, ":now": int(self._clock())}),
            )
        except self._client.exceptions.ConditionalCheckFailedException as changed:
            raise UnavailableError("busy", "another invocation is listing the call: try again") from changed

    def _put_row(
        self, call: OpenedCall, party: str, sort: str, row: ListedCall, there: Mapping[str, Any] | None
    ) -> None:
        """Write the row if it differs, and none that was made from more events."""
        fields = cast("Mapping[str, Any]", row)
        if there is not None and {name: there[name] for name in there if name not in ROW_FIELDS} == fields:
            return
        item = row_key(call.account, party, sort) | item_of(
            {**fields, "events": len(call.events), "expires_at": self._expires_at()}
        )
        try:
            self._client.put_item(
                TableName=self._table,
                Item=item,
                ConditionExpression="attribute_not_exists(events) OR events <= :events OR expires_at <= :now",
                ExpressionAttributeValues=item_of({":events": len(call.events), ":now": int(self._clock())}),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return  # another invocation has read more

    def _rows(self, account: str, rows: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        keys = [row_key(account, *one.split("#", 1)) for one in rows]
        answer = self._client.batch_get_item(RequestItems={self._table: {"Keys": keys[:100], "ConsistentRead": True}})
        now = int(self._clock())
        items = [item for item in answer["Responses"].get(self._table, []) if int(item["expires_at"]["N"]) > now]
        prefix = len(f"{account}#party#")
        return {f"{item['pk']['S'][prefix:]}#{item['sk']['S']}": values_in(item) for item in items}

    def _say(self, account: str, call: str, party: str, ids: Sequence[str]) -> None:
        said = item_of({"call": call, "at": int(self._clock() * 1000), "expires_at": self._expires_at()})
        write_all(
            self._client, self._table, [{"PutRequest": {"Item": key(account, one, SAID + party) | said}} for one in ids]
        )

    def _surplus(self, call: OpenedCall) -> Sequence[Any]:
        """Return the requests that remove events above the limit: an item's last ones, or the whole item."""
        found = cast("Sequence[tuple[Item, Any, int]]", call.state["surplus"])
        return [
            {"PutRequest": {"Item": {**item, "events": {"S": encode(kept)}}}}
            if kept
            else {"DeleteRequest": {"Key": {"pk": item["pk"], "sk": item["sk"]}}}
            for item, kept, _ in found
        ]

    def _expires_at(self) -> int:
        return int(self._clock()) + self._days * 86_400


def _began(events: Sequence[Event]) -> int | None:
    return min((event.at for event in events), default=None)


def _pairs(told: Mapping[str, Told]) -> Sequence[tuple[str, str]]:
    return [(party, one) for party, of in told.items() for one in of.ids]
