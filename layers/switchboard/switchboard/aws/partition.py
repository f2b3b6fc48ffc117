"""Reading one partition of a DynamoDB table page by page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef, QueryInputTypeDef


def items_of(client: DynamoDBClient, query: QueryInputTypeDef) -> Iterator[dict[str, AttributeValueTypeDef]]:
    """Yield each item that the query finds, asking for the next page only when it is reached.

    botocore's own paginator would read one more data file at every cold start.
    """
    while True:
        answer = client.query(**query)
        yield from answer["Items"]
        if "LastEvaluatedKey" not in answer:
            return
        query = {**query, "ExclusiveStartKey": answer["LastEvaluatedKey"]}
