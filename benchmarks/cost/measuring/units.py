"""DynamoDB's request units of a call, by its rules: 1 KB written, 4 KB read, doubled in transactions, indexes apart."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
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
class Units:
    """`indexes` are each table's secondary indexes as lists of key names; `find` reads an item with a client apart."""

    indexes: Mapping[str, list[list[str]]]
    find: Callable[[str, Item], Item]

    def of(self, operation: str, asked: Mapping[str, Any], answered: Mapping[str, Any]) -> Taken:
        """Return the units that a call writes and reads, of each table."""
        match operation:
            case "GetItem" | "Query":
                items = answered["Items"] if operation == "Query" else [answered.get("Item", {})]
                return {asked["TableName"]: (0, self._read(items, strong=asked.get("ConsistentRead", False)))}
            case "BatchGetItem":
                found = answered.get("Responses", {})
                return {t: (0, self._batch_read(keys, found.get(t, []))) for t, keys in asked["RequestItems"].items()}
            case "BatchWriteItem":
                changes = [(t, next(iter(one.values()))) for t, many in asked["RequestItems"].items() for one in many]
                return self._all_written(changes, 1)
            case "TransactWriteItems":
                parts = [part for one in asked["TransactItems"] for part in one.values()]
                return self._all_written([(part["TableName"], part) for part in parts], 2)
            case _:
                return {asked["TableName"]: (self._written(asked["TableName"], asked, failed="Error" in answered), 0)}

    def _all_written(self, changes: Iterable[tuple[str, Mapping[str, Any]]], times: int) -> Taken:
        taken: Counter[str] = Counter()
        for table, change in changes:
            taken[table] += times * self._written(table, change)
        return {table: (units, 0) for table, units in taken.items()}

    def _written(self, table: str, change: Mapping[str, Any], *, failed: bool = False) -> int:
        """Return the units of a put, update or delete, of which only a put says the whole item."""
        item = change.get("Item") or ({} if failed else self.find(table, change["Key"]))
        own = max(1, math.ceil(size(item) / WRITTEN))
        return own + (0 if failed else sum(all(key in item for key in keys) for keys in self.indexes.get(table, [])))

    def _read(self, items: Iterable[Item], *, strong: bool) -> float:
        return max(1, math.ceil(sum(map(size, items)) / READ)) * (1 if strong else 0.5)

    def _batch_read(self, asked: Mapping[str, Any], found: Iterable[Item]) -> float:
        larger = sum(math.ceil(size(item) / READ) - 1 for item in found)
        return (len(asked["Keys"]) + larger) * (1 if asked.get("ConsistentRead") else 0.5)
