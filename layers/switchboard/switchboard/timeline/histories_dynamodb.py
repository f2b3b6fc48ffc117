"""The histories of subscribers in the Calls table: a call's summary, and a row for each party (docs/decisions/0079)."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from switchboard.aws.attributes import item_of, values_in
from switchboard.aws.batch_writes import write_all
from switchboard.aws.edits import deleted
from switchboard.foundation.errors import UnavailableError
from switchboard.timeline.dynamodb import ids_of, named_parties, sorted_once
from switchboard.timeline.erased_parties import ErasedParties, began_at
from switchboard.timeline.erasing import replaced
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
    from switchboard.timeline.erased_parties import Row
    from switchboard.timeline.event import Event
    from switchboard.timeline.summary import CallSummary

_MOST_SURPLUS = 20  # items removed at once; what remains is not read, and goes with the next message
_OWN = ("pk", "sk", "seen", "expires_at")  # of the item `listed`, besides the summary
_REPLACED = "attribute_not_exists(seen) OR seen = :none OR expires_at <= :now"
_FEW_PAGES = 8  # queries of apps' entries, after which a message may look at the call once more
_MORE_THAN_APPS = 1_000  # events of both parties' apps; 200 of each are read


@dataclass(frozen=True, slots=True)
class ReadCall(OpenedCall):
    """A call with what `list` needs of what was read: the stored summary, and the items with events above the limit.

    `apps` is what the summary notes of apps. `alone`: only the platform's part was read. `erased` are the deleted users
    who were taken out of that, `pages` the queries of apps' entries.
    """

    listed: Mapping[str, Any]
    apps: Mapping[str, Plain]
    surplus: Sequence[tuple[Item, Sequence[Event], int]]
    alone: bool
    erased: Sequence[str]
    pages: int


class DynamoHistories:
    """Implements Histories; items expire after `days`. `erased` are the deleted users, who are a party of no call."""

    def __init__(
        self, client: DynamoDBClient, table: str, clock: Clock, days: int, erased: ErasedUsers | None = None
    ) -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._days = days
        self._erased = ErasedParties(erased)
        self._partitions = Partitions(client, table, clock)

    def call_of(self, account: str, call: str, told_by: str | None) -> str | None:
        """Ask the platform first; a teller's own word counts only without its pointer."""
        known = self._partitions.first(account, call)
        return known or (self._partitions.said(account, call, told_by) if told_by else None)

    def open(
        self, account: str, call: str, told_by: Collection[str] | None = None, *, whole: bool = False
    ) -> ReadCall | None:
        """Read the platform's part, then for each party what that party's app told, unless none is known to have."""
        found = self._partitions.platform(account, call)
        if found.pointer:
            call, found = found.pointer, self._partitions.platform(account, found.pointer)
        events, erased = self._erased.out_of(account, found.events)
        found.events = list(events)
        parties = named_parties(found.events)
        if not parties or (told_by is not None and not set(told_by) & set(parties)):
            return None
        alone = told_by is None and not whole and _only_platforms(found, call, parties)
        told = {} if alone else self._told(account, call, parties, found)
        surplus = [one for of in told.values() for one in of.surplus][:_MOST_SURPLUS]
        return ReadCall(
            account,
            call,
            parties,
            sorted_once([*found.events, *(event for one in told.values() for event in one.events)]),
            dropped=sum(count for _, _, count in surplus),
            listed=found.listed,
            apps=_noted(found, told),
            surplus=surplus,
            alone=alone,
            erased=erased,
            pages=sum(one.pages for one in told.values()),
        )

    def list(self, call: OpenedCall, summary: CallSummary) -> bool:
        """Write what differs: new rows first, which count only with the summary, then that, and remove old rows."""
        call = cast("ReadCall", call)
        now = {**seen_of(summary), "parties": list(call.parties), **call.apps}
        differs = _as_stored(now) != {name: value for name, value in call.listed.items() if name not in _OWN}
        if call.alone and not differs:
            return False  # it may differ together with what an app tells just now, of which nothing is known here
        before, after = rows_in(call.listed, call.id), rows_in(now, call.id)
        gone = self._erased.rows_among(call.account, before)
        self._write(_deletions(call.account, gone))  # before the summary names them no more
        before -= gone
        for row in sorted(after - before):
            item = row_key(call.account, *row) | item_of({"expires_at": self._expires_at()})
            self._client.put_item(TableName=self._table, Item=item)
        removed: Sequence[Any] = []
        if differs:
            if (newer := self._put(call, now)) is None:
                removed = _deletions(call.account, before - after)
            elif ("apps" in newer) != ("apps" in now):  # one of the two lacks what an app has told
                return _again(call)
        self._write([*removed, *_kept(call.surplus)])
        return True

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
        return began_at(self._partitions.platform(account, call).events)

    def replace(self, entry: Entry, left: Entry | None) -> None:
        """Put and delete by one request: an entry has one item, rarely more."""
        for new in entry_items(entry, self._expires_at()):
            item = cast("Item", new)
            edit = deleted(item) if left is None else replaced(item, left)
            write_all(self._client, self._table, edit.writes)

    def _put(self, call: ReadCall, listed: Mapping[str, Plain]) -> Item | None:
        """Store the summary, unless one of more events or with an app's is stored; if so, return that one.

        One that names a deleted user, or from which one was taken out (`seen` is 0), is replaced in any case.
        """
        seen, fits = _seen(call.events), "seen <= :seen"
        if "apps" not in listed:
            fits += " AND attribute_not_exists(apps)"
        names = {f":erased{n}": name for n, name in enumerate(call.erased)}
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

    def _write(self, requests: Sequence[Any]) -> None:
        write_all(self._client, self._table, requests)

    def _expires_at(self) -> int:
        return int(self._clock()) + self._days * 86_400


def _noted(found: Partition, told: Mapping[str, Told]) -> Mapping[str, Plain]:
    """Return what the summary notes of apps: that one has told something, and the ids that have pointers by now."""
    noted: dict[str, Plain] = {}
    if "apps" in found.listed or any(one.beyond_acks for one in told.values()):
        noted["apps"] = True
    if said := sorted(_mark(party, one) for party, of in told.items() for one in of.named):
        noted["said"] = said
    return noted


def _again(call: ReadCall) -> bool:
    """Return False if the call may be looked at once more by this message. Raises UnavailableError."""
    if call.pages > _FEW_PAGES:
        raise UnavailableError("busy", "another invocation has listed the call meanwhile; try again")
    return False


def _deletions(account: str, rows: Collection[Row]) -> Sequence[Any]:
    return [{"DeleteRequest": {"Key": row_key(account, *row)}} for row in sorted(rows)]


def _kept(surplus: Sequence[tuple[Item, Sequence[Event], int]]) -> Sequence[Any]:
    """Return the requests that remove events above the limit: an item's last ones, or the whole item."""
    return [
        {"PutRequest": {"Item": with_events(item, kept)}}
        if kept
        else {"DeleteRequest": {"Key": {"pk": item["pk"], "sk": item["sk"]}}}
        for item, kept, _ in surplus
    ]


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
