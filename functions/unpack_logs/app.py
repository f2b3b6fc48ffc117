"""LogUploadQueue -> each object that a phone uploaded below uploads/ -> a checked zip, or rejected with the reason."""

from switchboard.runtime.warm import warm

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import unquote_plus

from switchboard.aws import clients as aws
from switchboard.logs.unpack_logs import UnpackLogs
from switchboard.logs.uploads_s3 import S3LogUploads
from switchboard.runtime.log import logger
from switchboard.runtime.metrics import UPLOAD_OUTCOME, emit
from switchboard.runtime.settings import load
from switchboard.subscribers.erased_users_dynamodb import DynamoErasedUsers
from switchboard.subscribers.generations_dynamodb import DynamoGenerations
from switchboard.timeline.dynamodb import DynamoTimelines
from switchboard.timeline.entries_dynamodb import DirectWriter, DynamoEntries
from switchboard.timeline.queue import SqsTimelineQueue

READ_SECONDS = 20.0  # for each read: S3 sends white space while it copies a rejected object, of at most 400 MB


@dataclass(frozen=True)
class Settings:
    """The environment of UnpackLogsFunction."""

    log_bucket: str
    log_upload_max_megabytes: int
    call_retention_days: int
    calls_table: str
    subscribers_table: str
    erasures_table: str
    timeline_queue_url: str


@cache
def build() -> UnpackLogs:
    """Wire the use case to S3 and DynamoDB; the queue's client is made only when DynamoDB fails."""
    settings, dynamodb = load(Settings), aws.client("dynamodb")
    entries = DynamoEntries(dynamodb, settings.calls_table, time.time, settings.call_retention_days)
    profiles = DynamoGenerations(dynamodb, settings.subscribers_table)
    return UnpackLogs(
        S3LogUploads(aws.client("s3", read=READ_SECONDS, each_read=True), settings.log_bucket),
        DynamoTimelines(dynamodb, settings.calls_table, time.time),
        DirectWriter(entries, lambda: SqsTimelineQueue(aws.client("sqs"), settings.timeline_queue_url)),
        settings.log_upload_max_megabytes * 1024 * 1024,
        cpu=time.process_time,
        erased=DynamoErasedUsers(dynamodb, settings.erasures_table, profiles, time.time),
    )


def handler(event: dict[str, Any], _context: object) -> None:
    """Process an upload. An error is raised, so that SQS retries and finally moves the message to the dead letters.

    The event source has a batch size of one, and S3 sends one object per message.
    """
    for key, put in uploaded(event):
        unpacked = build()(key, put)
        if unpacked is None:
            logger.info("upload is gone", extra={"object": key})
            continue
        line = {"object": unpacked.object or key, "bytes": unpacked.size, "entries": len(unpacked.entries)}
        logger.info("upload unpacked", extra=line | ({"rejected": unpacked.fault} if unpacked.fault else {}))
        emit({UPLOAD_OUTCOME: 1}, outcome=unpacked.fault or "unpacked")


def uploaded(event: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each key in a batch of S3's notifications, with its `sequencer`, which differs for each PUT.

    Keys are URL-encoded; S3's test message has none.
    """
    for message in event["Records"]:
        for record in json.loads(message["body"]).get("Records", []):
            put = record["s3"]["object"]
            yield unquote_plus(put["key"]), put.get("sequencer", "")


warm(build)
