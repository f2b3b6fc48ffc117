"""DynamoDB's request units of a call, by its rules: 1 KB written, 4 KB read, doubled in transactions, indexes apart.

A write takes the units of the item before or after it, whichever is larger, even if its condition fails. An index takes
one more where its entry appears, changes or goes, two where its key changes, none where the entry stays as it is.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WRITTEN, READ = 1024, 4096  # bytes of a unit

type Item = Mapping[str, Mapping[str, Any]]
type Taken = Mapping[str, tuple[float, float]]  # of each table, units written and read


def size(item: Item) -> int:
    """Return an item's bytes: names and values in UTF-8, a number about one byte for two digits (AWS's guide)."""
    return sum(len(name.encode()) + _size(kind, value) for name, typed in item.items() for kind, value in typed.items())


def _size(kind: str, value: Any) -> int:  # noqa: ANN401 - DynamoDB's own JSON
    if kind == "N":
        return math.ceil(len(value) / 2) + 1
    if kind == "M":
        return 3 + len(value) + size(value)
    if kind == "L":
        return 3 + len(value) + sum(size({"": typed}) for typed in value)
    if kind in ("SS", "NS"):
        return sum(len(one.encode()) for one in value)
    return len(value.encode()) if isinstance(value, str) else 1


@dataclass(frozen=True)
class Index:
    """A secondary index: the names of its key, and of all attributes that it has of an item (None: all of them)."""

    key: Sequence[str]
    names: Sequence[str] | None

    def entry(self, item: Item) -> Item | None:
        """Return the item's entry, or None for an item without the index's key."""
        if not all(name in item for name in self.key):
            return None
        return item if self.names is None else {name: item[name] for name in self.names if name in item}


@dataclass(frozen=True)
class Table:
    """A table's key and its secondary indexes."""

    key: Sequence[str]
    indexes: Sequence[Index] = ()


@dataclass(frozen=True)
class Units:
    """`find` reads an item, {} if there is none, with a client apart."""

    tables: Mapping[str, Table]
    find: Callable[[str, Item], Item]

    def seen(self, operation: str, asked: Mapping[str, Any]) -> list[Item]:
        """Return the items that a call may change, as they are now."""
        return [self.find(table, key) for table, key in self._changed(operation, asked)]

    def of(
        self, operation: str, asked: Mapping[str, Any], answered: Mapping[str, Any], before: Sequence[Item] = ()
    ) -> Taken:
        """Return the units that a call took, of each table; `before` is what was seen before it."""
        match operation:
            case "GetItem" | "Query":
                items = answered["Items"] if operation == "Query" else [answered.get("Item", {})]
                return {asked["TableName"]: (0, _read(items, strong=asked.get("ConsistentRead", False)))}
            case "BatchGetItem":
                found = answered.get("Responses", {})
                return {t: (0, _batch_read(keys, found.get(t, []))) for t, keys in asked["RequestItems"].items()}
        taken: Counter[str] = Counter()
        for (table, key), old in zip(self._changed(operation, asked), before, strict=True):
            twice = 2 if operation == "TransactWriteItems" else 1
            taken[table] += twice * self._written(table, old, self.find(table, key))
        return {table: (units, 0) for table, units in taken.items()}

    def _changed(self, operation: str, asked: Mapping[str, Any]) -> Iterator[tuple[str, Item]]:
        """Yield the table and key of each item that a call may change."""
        match operation:
            case "GetItem" | "Query" | "BatchGetItem":
                return
            case "BatchWriteItem":
                parts = [
                    {"TableName": t, **next(iter(one.values()))}
                    for t, many in asked["RequestItems"].items()
                    for one in many
                ]
            case "TransactWriteItems":
                parts = [part for one in asked["TransactItems"] for part in one.values()]
            case _:
                parts = [{**asked}]
        for part in parts:
            table: str = part["TableName"]
            yield table, part.get("Key") or {name: part["Item"][name] for name in self.tables[table].key}

    def _written(self, table: str, old: Item, new: Item) -> int:
        own = max(1, math.ceil(max(size(old), size(new)) / WRITTEN))
        return own + sum(_listed(index, index.entry(old), index.entry(new)) for index in self.tables[table].indexes)


def _listed(index: Index, old: Item | None, new: Item | None) -> int:
    """Return the units of an index, whose entries are smaller than 1 KB."""
    if old == new:
        return 0
    return 2 if old and new and any(old[name] != new[name] for name in index.key) else 1


def _read(items: Iterable[Item], *, strong: bool) -> float:
    return max(1, math.ceil(sum(map(size, items)) / READ)) * (1 if strong else 0.5)


def _batch_read(asked: Mapping[str, Any], found: Iterable[Item]) -> float:
    larger = sum(math.ceil(size(item) / READ) - 1 for item in found)
    return (len(asked["Keys"]) + larger) * (1 if asked.get("ConsistentRead") else 0.5)
