"""Reads a DynamoDB query page by page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef, QueryInputTypeDef


def items_of(client: DynamoDBClient, query: QueryInputTypeDef) -> Iterator[dict[str, AttributeValueTypeDef]]:
    """Yield each item of the query's result; a page is fetched only when it is reached."""
    for page in pages_of(client, query):
        yield from page


def pages_of(client: DynamoDBClient, query: QueryInputTypeDef) -> Iterator[list[dict[str, AttributeValueTypeDef]]]:
    """Yield the items of each page of the query's result, each page by one request."""
    while True:
        answer = client.query(**query)
        yield answer["Items"]
        if "LastEvaluatedKey" not in answer:
            return
        query = {**query, "ExclusiveStartKey": answer["LastEvaluatedKey"]}
