"""DynamoDB's request units of a call, by its rules: 1 KB written, 4 KB read, doubled in transactions, indexes apart."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

WRITTEN, READ = 1024, 4096  # bytes of a unit

type Item = Mapping[str, Mapping[str, Any]]


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

    def of(self, operation: str, asked: Mapping[str, Any], answered: Mapping[str, Any]) -> tuple[float, float]:
        """Return the units that a call writes and reads."""
        match operation:
            case "GetItem":
                return 0, self._read([answered.get("Item", {})], strong=asked.get("ConsistentRead", False))
            case "Query":
                return 0, self._read(answered["Items"], strong=asked.get("ConsistentRead", False))
            case "BatchGetItem":
                return 0, sum(self._batch_read(asked["RequestItems"], answered.get("Responses", {})))
            case "BatchWriteItem":
                changes = [(table, one) for table, many in asked["RequestItems"].items() for one in many]
                return sum(self._written(table, *one.values()) for table, one in changes), 0
            case "TransactWriteItems":
                return 2 * sum(
                    self._written(one["TableName"], one) for t in asked["TransactItems"] for one in t.values()
                ), 0
            case _:
                return self._written(asked["TableName"], asked, failed="Error" in answered), 0

    def _written(self, table: str, change: Mapping[str, Any], *, failed: bool = False) -> int:
        """Return the units of a put, update or delete, of which only a put says the whole item."""
        item = change.get("Item") or ({} if failed else self.find(table, change["Key"]))
        own = max(1, math.ceil(size(item) / WRITTEN))
        return own + (0 if failed else sum(all(key in item for key in keys) for keys in self.indexes.get(table, [])))

    def _read(self, items: Iterable[Item], *, strong: bool) -> float:
        return max(1, math.ceil(sum(map(size, items)) / READ)) * (1 if strong else 0.5)

    def _batch_read(self, asked: Mapping[str, Any], found: Mapping[str, list[Item]]) -> Iterable[float]:
        for table, wanted in asked.items():
            once = 1 if wanted.get("ConsistentRead") else 0.5
            larger = sum(math.ceil(size(item) / READ) - 1 for item in found.get(table, []))
            yield (len(wanted["Keys"]) + larger) * once
