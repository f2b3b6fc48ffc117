"""Looks for a name in everything that a deployment stores: tables, the bucket with its objects' keys, queues."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any


def traces(
    name: str, tables: Mapping[str, str], clients: Mapping[str, Any], bucket: str, queues: Sequence[str] = ()
) -> list[str]:
    """Return where the name is found, in any case; `tables` has physical names by logical ones."""
    found = [
        f"{table}: {json.dumps(item)}"
        for table, physical in tables.items()
        for item in _items(clients["dynamodb"], physical)
        if name.lower() in json.dumps(item).lower()
    ]
    stored = [*_keys(clients["s3"], bucket), *(body for queue in queues for body in _bodies(clients["sqs"], queue))]
    return found + [text for text in stored if name.lower() in text.lower()]


def _items(dynamodb: Any, table: str) -> Iterator[dict[str, Any]]:
    for page in dynamodb.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
        yield from page["Items"]


def _keys(s3: Any, bucket: str) -> Iterator[str]:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        yield from (one["Key"] for one in page.get("Contents", []))


def _bodies(sqs: Any, url: str) -> Iterator[str]:
    """Yield what waits in a queue, and leave it there."""
    seen: set[str] = set()
    while True:
        answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=5)
        fresh = [one for one in answer.get("Messages", []) if one["MessageId"] not in seen]
        if not fresh:
            return
        seen |= {one["MessageId"] for one in fresh}
        yield from (one["Body"] for one in fresh)
