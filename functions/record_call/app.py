"""TimelineQueue and the stream of CallContexts -> the calls' timelines. Each record is processed independently."""

from switchboard.runtime.warm import warm

import time
from dataclasses import dataclass
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from switchboard.aws import clients as aws
from switchboard.foundation.errors import MalformedRequestError
from switchboard.pushes.dead_letters import SqsDeadLetters
from switchboard.pushes.notify_missed_call import NotifyMissedCall
from switchboard.pushes.queue import SqsPushQueue
from switchboard.runtime.log import logger
from switchboard.runtime.settings import load
from switchboard.timeline.context_stream import answers_in
from switchboard.timeline.dynamodb import DynamoTimelines
from switchboard.timeline.metrics import count_events
from switchboard.timeline.queue import SqsTimelineQueue, decode
from switchboard.timeline.record_call import RecordCall

MESSAGES = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)
CHANGES = BatchProcessor(EventType.DynamoDBStreams, raise_on_entire_batch_failure=False)


@dataclass(frozen=True)
class Settings:
    """The environment of RecordCallFunction."""

    calls_table: str
    timeline_queue_url: str
    dead_letter_queue_url: str
    push_queue_url: str
    ring_seconds: int
    log_retention_days: int
    missed_call_push: bool


@dataclass(frozen=True)
class Parts:
    """The use case and the adapters for a record."""

    record_call: RecordCall
    queue: SqsTimelineQueue
    dead_letters: SqsDeadLetters


class EventsPendingError(Exception):
    """The events must be processed again: SQS delivers a failed record again."""


@cache
def build() -> Parts:
    """Wire the use cases to DynamoDB and SQS."""
    settings = load(Settings)
    sqs = aws.client("sqs")
    timelines = DynamoTimelines(aws.client("dynamodb"), settings.calls_table, time.time, settings.log_retention_days)
    pushes = SqsPushQueue(sqs, settings.push_queue_url)
    missed_calls = NotifyMissedCall(timelines, pushes, time.time) if settings.missed_call_push else None
    return Parts(
        RecordCall(timelines, time.time, settings.ring_seconds * 1000, missed_calls),
        SqsTimelineQueue(sqs, settings.timeline_queue_url),
        SqsDeadLetters(sqs, settings.dead_letter_queue_url),
    )


def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Store a batch; return the records that must be delivered again."""
    if event["Records"][0]["eventSource"] == "aws:sqs":
        answer = process_partial_response(event, record_message, MESSAGES, context)
    else:
        answer = process_partial_response(event, record_change, CHANGES, context)
    failed = len(answer["batchItemFailures"])
    logger.info("recorded", extra={"records": len(event["Records"]), "coming_back": failed})
    return answer


def record_message(record: SQSRecord) -> None:
    """Store a message's events. Raises EventsPendingError, with the delay set, if they must be processed again."""
    try:
        events = decode(record.body)
    except MalformedRequestError as fault:
        logger.error("rejected", extra={"message_id": record.message_id, "reason": fault.message})
        build().dead_letters.put_body(record.body, fault.message)
        return
    wait = build().record_call(events)
    if record.attributes.approximate_receive_count == "1":
        count_events(events, time.time() * 1000)
    if wait is not None:
        build().queue.delay(record.receipt_handle, wait)
        raise EventsPendingError


def record_change(record: DynamoDBRecord) -> None:
    """Store Dial Whom's answers, if the change contains any."""
    if events := answers_in(record.raw_event.get("dynamodb", {})):
        build().record_call(events)
        count_events(events, time.time() * 1000)


warm(build)
