"""The stream of Erasures -> the next step of the sweep that erases deleted users.

Each step stores how far it got, and the record of that in the stream brings the next one. A step that fails is tried
again by the stream, and after that lies in the dead-letter queue; `switchboard erasures resume` goes on from there.
"""

from switchboard.runtime.warm import warm

import time
from dataclasses import dataclass
from functools import cache
from typing import Any

from switchboard.aws import clients as aws
from switchboard.calls import erasing as contexts
from switchboard.erasure.erase_subscribers import EraseSubscribers
from switchboard.erasure.erased_logs import ErasedLogs
from switchboard.erasure.erased_tables import ErasedTable
from switchboard.erasure.erasures_dynamodb import SWEEP, DynamoSweeps
from switchboard.pushes import erasing as deliveries
from switchboard.runtime.log import logger
from switchboard.runtime.settings import load
from switchboard.subscribers import erasing as subscribers
from switchboard.subscribers.generations_dynamodb import DynamoGenerations
from switchboard.timeline import erasing as calls

READ_SECONDS = 5.0  # for a page of a table, which has up to a megabyte


@dataclass(frozen=True)
class Settings:
    """The environment of EraseSubscribersFunction."""

    erasures_table: str
    subscribers_table: str
    call_contexts_table: str
    deliveries_table: str
    calls_table: str
    log_bucket: str
    log_retention_days: int
    log_upload_days: int


@cache
def build() -> EraseSubscribers:
    """Wire the use case to DynamoDB and S3. What calls in progress may still write is late."""
    settings, dynamodb = load(Settings), aws.client("dynamodb", read=READ_SECONDS)
    return EraseSubscribers(
        DynamoSweeps(dynamodb, settings.erasures_table),
        [
            ErasedTable(dynamodb, settings.subscribers_table, subscribers.edits_of),
            ErasedTable(dynamodb, settings.calls_table, calls.edits_of),
            ErasedTable(dynamodb, settings.call_contexts_table, contexts.edits_of),
            ErasedTable(dynamodb, settings.deliveries_table, deliveries.edits_of),
            ErasedLogs(aws.client("s3"), settings.log_bucket),
        ],
        DynamoGenerations(dynamodb, settings.subscribers_table),
        time.time,
        settings.log_retention_days,
        settings.log_upload_days,
    )


def handler(event: dict[str, Any], _context: object) -> None:
    """Take one step for all records of the batch. An error is raised: the stream brings the batch again."""
    keys = [record["dynamodb"]["Keys"]["pk"]["S"] for record in event["Records"]]
    sweep = build()(next_step=SWEEP in keys)
    if sweep is not None:
        erasures = [place.partition("#")[2] for place in sweep.places]
        done = {"erasures": erasures, "part": sweep.position.part, "version": sweep.version}
        logger.info("swept", extra=done)


warm(build)
