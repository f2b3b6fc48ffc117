"""Erasures in their table, whose stream brings the next step: no queue has to be polled for that.

Its items: `state` has the key of the hashes, and a version that changes with them; `names` are the hashes (subscribers'
erased_users_dynamodb.py reads both). `erasures` are the certificates. `waiting` has the names, until they are erased.
`sweep` is the one that runs.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING, Any, cast

from switchboard.aws.attributes import item_of, values_in
from switchboard.erasure.erasures import MOST_AT_ONCE, NAMES_DAYS, Position, Sweep, Traces, Waiting
from switchboard.subscribers.erased_users_dynamodb import NAMES, STATE, name_hash

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

    from switchboard.aws.attributes import NewItem, Plain
    from switchboard.foundation.clock import Clock

ERASURES, WAITING, SWEEP = "erasures", "waiting", "sweep"
_ID_DIGITS = 16
_CERTIFIED = 15  # erasures in a step: two requests each
KEPT, ERASED = "kept under a pseudonym", "erased"


def new_key() -> str:
    """Return a new key for the hashes of names, as hex."""
    return os.urandom(32).hex()


class DynamoErasures:
    """Implements Erasures. `new_key` returns 32 random bytes as hex: the key of the hashes, made once."""

    def __init__(self, client: DynamoDBClient, table: str, clock: Clock, new_key: Callable[[], str]) -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._new_key = new_key

    def begin(self, account: str, name: str, generation: int, *, keeps: bool) -> str:
        """Store the hash first, then the erasure, then the name, which starts it: each can be repeated."""
        now = self._clock()
        hashed = name_hash(self._key(), account, name)
        erasure = hashlib.sha256(f"{hashed}#{generation}".encode()).hexdigest()[:_ID_DIGITS]
        until = int(now) + NAMES_DAYS * 86_400
        told = {"erasure": erasure, "generation": generation, "keeps": keeps, "expires_at": until}
        self._client.put_item(TableName=self._table, Item=_item(NAMES, hashed, told))
        self._client.update_item(
            TableName=self._table,
            Key=item_of({"pk": STATE, "sk": STATE}),
            UpdateExpression="ADD version :one",
            ExpressionAttributeValues=item_of({":one": 1}),
        )
        certificate = {"account": account, "call_records": KEPT if keeps else ERASED, "requested_at": int(now)}
        known = self._put_if_new(_item(ERASURES, erasure, certificate))
        if "finished_at" not in known:
            since = int(known.get("requested_at", now))
            waiting = Waiting(erasure, account, name, generation, keeps, since)
            self._client.put_item(TableName=self._table, Item=_item(WAITING, waiting.place, asdict(waiting)))
        return erasure

    def _put_if_new(self, item: NewItem) -> Mapping[str, Any]:
        """Put the item if there is none with that key; return the values of the one that there is."""
        try:
            self._client.put_item(
                TableName=self._table,
                Item=item,
                ConditionExpression="attribute_not_exists(pk)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._client.exceptions.ConditionalCheckFailedException as exists:
            return values_in(exists.response["Item"])  # type: ignore[typeddict-item]
        return {}

    def _key(self) -> str:
        """Return the key of the hashes; the first time, make it."""
        answer = self._client.update_item(
            TableName=self._table,
            Key=item_of({"pk": STATE, "sk": STATE}),
            UpdateExpression="SET #key = if_not_exists(#key, :key) ADD version :none",
            ExpressionAttributeNames={"#key": "key"},
            ExpressionAttributeValues=item_of({":key": self._new_key(), ":none": 0}),
            ReturnValues="ALL_NEW",
        )
        return answer["Attributes"]["key"]["S"]


class DynamoSweeps:
    """Implements Sweeps."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def current(self) -> Sweep | None:
        """Read the sweep consistently."""
        values = values_in(self._read())
        if not values.get("places"):
            return None
        position = Position(values["part"], json.loads(values["cursor"]), values["tries"])
        return Sweep(values["version"], values["places"], position, values["counts"])

    def waiting(self) -> Sequence[Waiting]:
        """Query them consistently, the oldest first."""
        return self._waiting("pk = :pk", {}, Limit=MOST_AT_ONCE)

    def swept(self, sweep: Sweep) -> Sequence[Waiting]:
        """Query up to the last of its places: others may have come in between, within the same second."""
        found = self._waiting("pk = :pk AND sk <= :last", {":last": max(sweep.places)})
        return [one for one in found if one.place in sweep.places]

    def start(self, places: Sequence[str]) -> None:
        """Put a sweep at its beginning, with the version after the last one's."""
        last = values_in(self._read()).get("version", 0)
        self._put(Sweep(last + 1, list(places)), last)

    def advance(self, sweep: Sweep) -> None:
        """Put the sweep with the next version. Its stream record is the next step."""
        self._put(replace(sweep, version=sweep.version + 1), sweep.version)

    def finish(self, sweep: Sweep, traces: Traces, finished_at: int) -> None:
        """Complete each certificate, then delete the name, and end the sweep last: all of it can be repeated."""
        left = self.swept(sweep)
        for one in left[:_CERTIFIED]:
            self._certify(one.erasure, sweep.counts.get(one.erasure, {}), traces, finished_at)
            self._client.delete_item(TableName=self._table, Key=item_of({"pk": WAITING, "sk": one.place}))
        if len(left) > _CERTIFIED:
            self.advance(sweep)
        else:
            self._put(Sweep(sweep.version + 1, []), sweep.version)

    def _waiting(self, condition: str, values: Mapping[str, Plain], **options: int) -> Sequence[Waiting]:
        answer = self._client.query(
            TableName=self._table,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=item_of({":pk": WAITING, **values}),
            ConsistentRead=True,
            **options,  # type: ignore[arg-type]  # a Limit
        )
        names = [field.name for field in fields(Waiting)]
        return [Waiting(**{name: values_in(item)[name] for name in names}) for item in answer["Items"]]

    def _certify(self, erasure: str, counts: Mapping[str, int], traces: Traces, finished_at: int) -> None:
        self._client.update_item(
            TableName=self._table,
            Key=item_of({"pk": ERASURES, "sk": erasure}),
            UpdateExpression="SET finished_at = :at, counts = :counts, traces_until = :traces",
            ExpressionAttributeValues=item_of(
                {":at": finished_at, ":counts": counts, ":traces": cast("Mapping[str, int]", traces)}
            ),
        )

    def _read(self) -> Mapping[str, Any]:
        key = item_of({"pk": SWEEP, "sk": SWEEP})
        return self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item", {})

    def _put(self, sweep: Sweep, seen: int) -> None:
        """Put the sweep if the stored one still has the version `seen`; else somebody else has taken the step."""
        where = sweep.position
        position = {"part": where.part, "cursor": json.dumps(where.cursor), "tries": where.tries}
        values = {"version": sweep.version, "places": sweep.places, "counts": sweep.counts, **position}
        with suppress(self._client.exceptions.ConditionalCheckFailedException):
            self._client.put_item(
                TableName=self._table,
                Item=_item(SWEEP, SWEEP, values),
                ConditionExpression="attribute_not_exists(version) OR version = :seen",
                ExpressionAttributeValues=item_of({":seen": seen}),
            )


def _item(pk: str, sk: str, values: Mapping[str, Any]) -> NewItem:
    return item_of({"pk": pk, "sk": sk, **values})
