"""The tables of the template with their indexes, and the bytes of their items as DynamoDB bills them."""

from collections.abc import Iterable, Mapping
from typing import Any

from benchmarks.cost.measuring.units import Index, Item, Table, size
from tests.deployment import Deployment
from tests.sam_template import resources

EACH = 100  # bytes that DynamoDB bills beside each item and each entry of an index


def items_of(deployment: Deployment, name: str) -> list[Item]:
    """Return all items of a table."""
    pages = deployment.client("dynamodb").get_paginator("scan").paginate(TableName=name)
    return [item for page in pages for item in page["Items"]]


def stored(items: Iterable[Item]) -> int:
    """Return the bytes of items, or of an index's entries."""
    return sum(size(item) + EACH for item in items)


def entries_of(items: Iterable[Item], name: str) -> list[Item]:
    """Return the entries of a table's indexes."""
    return [entry for item in items for index in tables()[name].indexes if (entry := index.entry(item))]


def tables() -> dict[str, Table]:
    """Return all tables by their logical ids."""
    found = {}
    for name, table in resources("AWS::DynamoDB::Table").items():
        key = [part["AttributeName"] for part in table["KeySchema"]]
        found[name] = Table(key, [_index(key, one) for one in table.get("GlobalSecondaryIndexes", [])])
    return found


def _index(key: list[str], index: Mapping[str, Any]) -> Index:
    own = [part["AttributeName"] for part in index["KeySchema"]]
    projection = index["Projection"]
    names = None if projection["ProjectionType"] == "ALL" else [*key, *own, *projection.get("NonKeyAttributes", [])]
    return Index(own, names)
