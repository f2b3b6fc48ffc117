"""Builds the use case that stops ringing phones, for the functions that learn that a call is answered or over."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from switchboard.aws import clients as aws
from switchboard.calls.dynamodb import DynamoCallContexts
from switchboard.foundation.errors import AwsError, UnavailableError
from switchboard.pushes.find_ringing import FindRinging
from switchboard.pushes.queue import SqsPushQueue
from switchboard.pushes.ringing_calls import DynamoRingingCalls
from switchboard.pushes.stop_ringing import StopRinging
from switchboard.runtime.log import logger, named
from switchboard.runtime.settings import load


@dataclass(frozen=True)
class Settings:
    """The environment of every function that stops phones."""

    call_contexts_table: str
    deliveries_table: str
    push_queue_url: str
    ring_seconds: int


@cache
def stop_ringing() -> StopRinging:
    """Wire the use case to DynamoDB and SQS: one try of at most 1 s for each request. Call it only when a call ends."""
    settings = load(Settings)
    dynamodb = aws.client("dynamodb", connect=0.3, read=0.7, tries=1)
    calls = DynamoRingingCalls(dynamodb, settings.deliveries_table)
    answers = DynamoCallContexts(dynamodb, settings.call_contexts_table)
    find = FindRinging(calls, answers, time.time, settings.ring_seconds * 1000)
    queue = SqsPushQueue(aws.client("sqs", connect=0.3, read=0.7, tries=1), settings.push_queue_url)
    return StopRinging(find, calls, queue, time.time)


@contextmanager
def best_effort() -> Iterator[None]:
    """Log a fault of AWS in the block in place of raising it.

    What the request itself is for is done by then, and the call's next event stops the phones.
    """
    try:
        yield
    except (AwsError, UnavailableError) as fault:
        logger.warning("not stopped", extra={"fault": named(fault)})
