"""The size of the simulated calls' items in tables, and the tables' indexes."""

from benchmarks.cost.measuring.units import size
from tests.deployment import Deployment
from tests.sam_template import resources


def stored(deployment: Deployment, table: str) -> tuple[int, int]:
    """Return the bytes of a table and of its indexes as DynamoDB bills them: 100 more for each item."""
    pages = deployment.client("dynamodb").get_paginator("scan").paginate(TableName=table)
    items = [item for page in pages for item in page["Items"]]
    keys = [part["AttributeName"] for part in resources("AWS::DynamoDB::Table")[table]["KeySchema"]]
    listed = [
        (item, [*keys, *own]) for item in items for own in indexes().get(table, []) if all(k in item for k in own)
    ]
    return (
        sum(size(item) + 100 for item in items),
        sum(size({key: item[key] for key in names}) + 100 for item, names in listed),
    )


def indexes() -> dict[str, list[list[str]]]:
    """Return the keys of each table's secondary indexes, by table."""
    return {
        name: [[part["AttributeName"] for part in index["KeySchema"]] for index in table["GlobalSecondaryIndexes"]]
        for name, table in resources("AWS::DynamoDB::Table").items()
        if "GlobalSecondaryIndexes" in table
    }
