"""Sweeps a DynamoDB table: reads it whole, consistently, page by page, and edits the items that name deleted users."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from switchboard.aws.batch_writes import MOST, write_all
from switchboard.aws.edits import deleted, key_of
from switchboard.erasure.deleted_users import DeletedUsers
from switchboard.erasure.ports import Swept
from switchboard.foundation.errors import MalformedRequestError

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

    from switchboard.aws.attributes import Item
    from switchboard.aws.edits import Edit
    from switchboard.subscribers.erased import ErasedUser

    type EditsOf = Callable[[Item, Sequence[ErasedUser]], Iterator[tuple[ErasedUser, str, Edit]]]

MOST_REQUESTS = 40  # of a step, with those for its own state
_STATE = 8  # requests: the sweep, the names, who has them now (a hundred at once), how far it got
_LAST_ITEM = 4  # requests that one more item may need: the batch before it, with all its tries, and its own
UNREADABLE = "unreadable"


class ErasedTable:
    """Implements Part. `edits_of` says what is done with an item; at most one of its edits is guarded."""

    def __init__(self, client: DynamoDBClient, table: str, edits_of: EditsOf) -> None:
        self._client = client
        self._table = table
        self._edits_of = edits_of

    def sweep(self, cursor: Mapping[str, Any] | None, users: DeletedUsers) -> Swept:
        """Read pages until the requests are used up, and stop before an item that is changed at the same time."""
        step = _Step(self._client, self._table, self._edits_of, users)
        done = False
        while not done and step.goes_on:
            begin: Any = {"ExclusiveStartKey": cursor} if cursor else {}
            step.requests += 1
            page = self._client.scan(TableName=self._table, ConsistentRead=True, **begin)
            if (worked := step.work_on(page["Items"])) < len(page["Items"]):
                cursor = key_of(page["Items"][worked - 1]) if worked else cursor
            else:
                cursor = page.get("LastEvaluatedKey")
                done = cursor is None
        step.write()
        return Swept(done, cursor, step.counts)


class _Step:
    """One step: the writes that wait for a batch, what was counted, and how many requests were made."""

    def __init__(self, client: DynamoDBClient, table: str, edits_of: EditsOf, users: DeletedUsers) -> None:
        self._client, self._table, self._edits_of, self._users = client, table, edits_of, users
        self._writes: list[Any] = []
        self._keys: set[str] = set()
        self._changed = False
        self.counts: dict[str, Counter[str]] = {}
        self.requests = 0

    @property
    def goes_on(self) -> bool:
        """Whether there are requests left for another item, and none was changed at the same time."""
        return not self._changed and self.requests < MOST_REQUESTS - _STATE - _LAST_ITEM

    def work_on(self, items: Sequence[Item]) -> int:
        """Edit the items; return how many of them are done."""
        for number, item in enumerate(items):
            if users := self._users.named_in(json.dumps(item)):
                if not self.goes_on:
                    return number
                if not self._edit(item, users):
                    self._changed = True
                    return number
        return len(items)

    def write(self) -> None:
        """Write what waits."""
        if self._writes:
            self.requests += 1
            write_all(self._client, self._table, self._writes)
            self._writes, self._keys = [], set()

    def _edit(self, item: Item, users: Sequence[ErasedUser]) -> bool:
        """Make an item's edits; return False if it is not as it was read any more."""
        edits = self._edits(item, users)
        if not all(self._guarded(edit) for _, _, edit in edits):
            return False
        for user, what, edit in edits:
            self._wait(edit.writes)
            self.counts.setdefault(user.erasure, Counter())[what] += 1
        return True

    def _edits(self, item: Item, users: Sequence[ErasedUser]) -> list[tuple[ErasedUser, str, Edit]]:
        try:
            return list(self._edits_of(item, users))
        except MalformedRequestError:  # nobody can read what it says, but it has a name in it
            return [(users[0], UNREADABLE, deleted(item))]

    def _guarded(self, edit: Edit) -> bool:
        """Make the guarded request, if there is one; return False if the item has changed since it was read."""
        if edit.guarded is None:
            return True
        operation, parameters = edit.guarded
        self.requests += 1
        try:
            getattr(self._client, operation)(TableName=self._table, **parameters)
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def _wait(self, writes: Sequence[Any]) -> None:
        """Have them written with the next batch, which may have each key only once."""
        keys = [json.dumps(_key_in(one)) for one in writes]
        if len(self._writes) + len(writes) > MOST or not self._keys.isdisjoint(keys):
            self.write()
        self._writes += writes
        self._keys |= set(keys)


def _key_in(request: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the key in one of BatchWriteItem's requests."""
    return key_of(request["PutRequest"]["Item"] if "PutRequest" in request else request["DeleteRequest"]["Key"])
