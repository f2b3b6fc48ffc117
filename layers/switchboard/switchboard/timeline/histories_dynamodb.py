"""The histories of subscribers in the Calls table: a call's summary, and a row for each party (docs/decisions/0079)."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from switchboard.aws.attributes import item_of, values_in
from switchboard.aws.batch_writes import write_all
from switchboard.aws.edits import deleted
from switchboard.foundation.errors import UnavailableError
from switchboard.timeline.dynamodb import ids_of, named_parties, sorted_once
from switchboard.timeline.erased_names import masked, names_in
from switchboard.timeline.erasing import replaced, start_of
from switchboard.timeline.items import LISTED, SAID, entry_items, key, row_key, rows_in, with_events
from switchboard.timeline.partitions import Partition, Partitions, Told
from switchboard.timeline.ports import OpenedCall
from switchboard.timeline.rows import seen_of

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

    from switchboard.aws.attributes import Item, Plain
    from switchboard.foundation.clock import Clock
    from switchboard.subscribers.ports import ErasedUsers
    from switchboard.timeline.entry import Entry
    from switchboard.timeline.event import Event
    from switchboard.timeline.summary import CallSummary

    type Row = tuple[str, str]  # whose history, and the sort key

_MOST_SURPLUS = 20  # items removed at once; what remains is not read, and goes with the next message
_OWN = ("pk", "sk", "seen", "expires_at")  # of the item `listed`, besides the summary
_REPLACED = "attribute_not_exists(seen) OR seen = :none OR expires_at <= :now"
_FEW_PAGES = 8  # queries of apps' entries, after which a message may look at the call once more
_MORE_THAN_APPS = 1_000  # events of both parties' apps; 200 of each are read


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

    def open(
        self, account: str, call: str, told_by: Collection[str] | None = None, *, whole: bool = False
    ) -> OpenedCall | None:
        """Read the platform's part, then for each party what that party's app told, unless none is known to have."""
        found = self._partitions.platform(account, call)
        if found.pointer:
            call, found = found.pointer, self._partitions.platform(account, found.pointer)
        events, erased = self._without_erased(account, found.events)
        found.events = list(events)
        parties = named_parties(found.events)
        if not parties or (told_by is not None and not set(told_by) & set(parties)):
            return None
        alone = told_by is None and not whole and _only_platforms(found, call, parties)
        told = {} if alone else self._told(account, call, parties, found)
        events = sorted_once([*found.events, *(event for one in told.values() for event in one.events)])
        surplus = [one for of in told.values() for one in of.surplus][:_MOST_SURPLUS]
        dropped = sum(count for _, _, count in surplus)
        noted = "apps" in found.listed or any(one.beyond_acks for one in told.values())
        apps: dict[str, Plain] = {"apps": True} if noted else {}
        said = sorted(_mark(party, one) for party, of in told.items() for one in of.named)
        apps |= {"said": said} if said else {}
        state = {"listed": found.listed, "apps": apps, "surplus": surplus, "alone": alone, "erased": erased}
        state["pages"] = sum(one.pages for one in told.values())
        return OpenedCall(account, call, parties, events, dropped, state)

    def list(self, call: OpenedCall, summary: CallSummary) -> bool:
        """Write what differs: new rows first, which count only with the summary, then that, and remove old rows."""
        was = cast("Mapping[str, Any]", call.state["listed"])
        now = {**seen_of(summary), "parties": list(call.parties), **cast("Mapping[str, Any]", call.state["apps"])}
        differs = _as_stored(now) != {name: value for name, value in was.items() if name not in _OWN}
        if call.state["alone"] and not differs:
            return False  # it may differ together with what an app tells just now, of which nothing is known here
        before = self._without_rows_of_erased(call.account, rows_in(was, call.id))
        after = rows_in(now, call.id)
        for row in sorted(after - before):
            item = row_key(call.account, *row) | item_of({"expires_at": self._expires_at()})
            self._client.put_item(TableName=self._table, Item=item)
        removed: list[Any] = []
        if differs:
            if (newer := self._put(call, now)) is None:
                removed = [{"DeleteRequest": {"Key": row_key(call.account, *row)}} for row in sorted(before - after)]
            elif ("apps" in newer) != ("apps" in now):  # one of the two lacks what an app has told
                return self._again(call)
        self._write([*removed, *self._surplus(call)])
        return True

    def _again(self, call: OpenedCall) -> bool:
        """Return False if the call may be looked at once more by this message. Raises UnavailableError."""
        if cast("int", call.state["pages"]) > _FEW_PAGES:
            raise UnavailableError("busy", "another invocation has listed the call meanwhile; try again")
        return False

    def _told(self, account: str, call: str, parties: Sequence[str], found: Partition) -> dict[str, Told]:
        said = set(found.listed.get("said", ()))
        told: dict[str, Told] = {}
        for party in parties:

            def naming(more: Sequence[str], party: str = party) -> None:
                self._say(account, call, party, [one for one in more if _mark(party, one) not in said])

            told[party] = self._partitions.told(account, party, ids_of(call, found.events, party), naming)
        return told

    def began(self, account: str, call: str) -> int | None:
        """Read the platform's part."""
        return _began(self._partitions.platform(account, call).events)

    def replace(self, entry: Entry, left: Entry | None) -> None:
        """Put and delete by one request: an entry has one item, rarely more."""
        for new in entry_items(entry, self._expires_at()):
            item = cast("Item", new)
            edit = deleted(item) if left is None else replaced(item, left)
            write_all(self._client, self._table, edit.writes)

    def _without_erased(self, account: str, events: Sequence[Event]) -> tuple[Sequence[Event], Sequence[str]]:
        """Return the events without the names of deleted users, and these names."""
        users = self._erased.of(account, names_in(events)) if self._erased and events else ()
        began = _began(events)
        users = [user for user in users if began is not None and user.was(began)]
        return masked(events, users), [user.name for user in users]

    def _without_rows_of_erased(self, account: str, rows: set[Row]) -> set[Row]:
        """Delete the rows of deleted users, before the summary names them no more; return the other rows."""
        users = self._erased.of(account, [name for name, _ in rows]) if self._erased and rows else ()
        gone = {row for row in rows for user in users if row[0] == user.name and user.was(start_of(row[1]))}
        self._write([{"DeleteRequest": {"Key": row_key(account, *row)}} for row in sorted(gone)])
        return rows - gone

    def _put(self, call: OpenedCall, listed: Mapping[str, Plain]) -> Item | None:
        """Store the summary, unless one of more events or with an app's is stored; if so, return that one.

        One that names a deleted user, or from which one was taken out (`seen` is 0), is replaced in any case.
        """
        seen, fits = _seen(call.events), "seen <= :seen"
        if "apps" not in listed:
            fits += " AND attribute_not_exists(apps)"
        names = {f":erased{n}": name for n, name in enumerate(cast("Sequence[str]", call.state["erased"]))}
        named = "".join(f" OR contains(parties, {name})" for name in names)
        item = key(call.account, call.id, LISTED) | item_of({**listed, "seen": seen, "expires_at": self._expires_at()})
        try:
            self._client.put_item(
                TableName=self._table,
                Item=item,
                ConditionExpression=f"{_REPLACED} OR ({fits}){named}",
                ExpressionAttributeValues=item_of({":seen": seen, ":none": 0, ":now": int(self._clock()), **names}),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._client.exceptions.ConditionalCheckFailedException as newer:
            return cast("Item", newer.response["Item"])  # type: ignore[typeddict-item]
        return None

    def _say(self, account: str, call: str, party: str, ids: Sequence[str]) -> None:
        said = item_of({"call": call, "at": int(self._clock() * 1000), "expires_at": self._expires_at()})
        self._write([{"PutRequest": {"Item": key(account, one, SAID + party) | said}} for one in ids])

    def _surplus(self, call: OpenedCall) -> Sequence[Any]:
        """Return the requests that remove events above the limit: an item's last ones, or the whole item."""
        found = cast("Sequence[tuple[Item, Any, int]]", call.state["surplus"])
        return [
            {"PutRequest": {"Item": with_events(item, kept)}}
            if kept
            else {"DeleteRequest": {"Key": {"pk": item["pk"], "sk": item["sk"]}}}
            for item, kept, _ in found
        ]

    def _write(self, requests: Sequence[Any]) -> None:
        write_all(self._client, self._table, requests)

    def _expires_at(self) -> int:
        return int(self._clock()) + self._days * 86_400


def _only_platforms(found: Partition, call: str, parties: Sequence[str]) -> bool:
    """Whether the call is listed for these parties, with these pushes, and no app had told anything of it by then."""
    listed, ids = found.listed, {event.call for event in found.events} - {call}
    return "apps" not in listed and listed.get("parties") == list(parties) and ids <= {*listed.get("push_ids", ())}


def _mark(party: str, call: str) -> str:
    """Return what is kept of an id that a party's app has named: only that it is stored already."""
    return hashlib.sha256(f"{party}#{call}".encode()).hexdigest()[:12]


def _as_stored(listed: Mapping[str, Plain]) -> Mapping[str, Any]:
    item: Any = item_of(listed)
    return values_in(item)


def _seen(events: Sequence[Event]) -> int:
    """Return a number that grows with what was read of a call.

    The platform's events count first, because they say whose apps are read.
    """
    of_apps = sum(event.of_an_app for event in events)
    return (len(events) - of_apps) * _MORE_THAN_APPS + of_apps


def _began(events: Sequence[Event]) -> int | None:
    return min((event.at for event in events), default=None)
