"""The tables of the template with their indexes, and the bytes of their items as DynamoDB bills them."""

from collections.abc import Mapping
from typing import Any

from benchmarks.cost.measuring.units import Index, Table, size
from tests.deployment import Deployment
from tests.sam_template import resources

EACH = 100  # bytes that DynamoDB bills beside each item and each entry of an index


def stored(deployment: Deployment, name: str) -> tuple[int, int]:
    """Return the bytes of a table's items and of its indexes' entries."""
    pages = deployment.client("dynamodb").get_paginator("scan").paginate(TableName=name)
    items = [item for page in pages for item in page["Items"]]
    entries = [entry for index in tables()[name].indexes for item in items if (entry := index.entry(item))]
    return sum(size(item) + EACH for item in items), sum(size(entry) + EACH for entry in entries)


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
