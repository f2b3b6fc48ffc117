"""PushQueue -> FCM, APNs -> the callee's phones. The records of a batch are processed in parallel and independently."""

from switchboard.runtime.warm import warm

import random
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from switchboard.aws import clients as aws
from switchboard.aws.secrets import SecretsManagerSecret
from switchboard.calls.context import Answered
from switchboard.calls.dynamodb import DynamoCallContexts
from switchboard.foundation.errors import AwsError, MalformedRequestError, UnavailableError
from switchboard.pushes.apns import ApnsGateway
from switchboard.pushes.dead_letters import SqsDeadLetters
from switchboard.pushes.deliver_push import DeliverPush
from switchboard.pushes.deliveries import DynamoDeliveries
from switchboard.pushes.events import events_of
from switchboard.pushes.fcm import FcmGateway
from switchboard.pushes.find_cancelled import FindCancelled
from switchboard.pushes.find_invited import FindInvited
from switchboard.pushes.find_recipients import FindRecipients
from switchboard.pushes.log import observe, reason_of
from switchboard.pushes.missed_call import Pushed
from switchboard.pushes.push import Attempt, Delivery, Outcome, Push
from switchboard.pushes.queue import SqsPushQueue
from switchboard.pushes.queued_push import decode
from switchboard.pushes.ringing_calls import DynamoRingingCalls
from switchboard.pushes.services import PushServices
from switchboard.runtime.log import logger, named
from switchboard.runtime.metrics import EVENT_LOST, emit
from switchboard.runtime.settings import load
from switchboard.subscribers.devices_dynamodb import DynamoDevices
from switchboard.subscribers.display_names import DynamoDisplayNames
from switchboard.timeline.entries_dynamodb import DynamoEntries
from switchboard.timeline.event import Event
from switchboard.timeline.join_push import JoinPush
from switchboard.timeline.queue import SqsTimelineQueue

BATCH_SIZE = 10  # of the event source in template.yaml
SENDS_AT_ONCE = 48  # an AWS client has at most 50 connections
RECORDS = ThreadPoolExecutor(BATCH_SIZE, "record")
SENDS = ThreadPoolExecutor(SENDS_AT_ONCE, "send")  # a pool of its own, because the threads of RECORDS wait for these
TIMEOUT_SECONDS = 10.0  # of the function in template.yaml
QUEUE_SECONDS = 3.5  # the longest time that queueing the events can take, with all tries
STORE_SECONDS = 2.5  # the longest time that storing them can take until it fails: three requests, each tried once


@dataclass(frozen=True)
class Settings:
    """The environment of DeliverPushFunction."""

    ring_seconds: int
    subscribers_table: str
    deliveries_table: str
    push_queue_url: str
    dead_letter_queue_url: str
    timeline_queue_url: str
    push_secret: str
    call_contexts_table: str
    calls_table: str
    call_retention_days: int


@dataclass(frozen=True)
class Parts:
    """The use case and the adapters for a record."""

    deliver_push: DeliverPush
    services: PushServices
    queue: SqsPushQueue
    dead_letters: SqsDeadLetters
    join_push: JoinPush
    timeline: SqsTimelineQueue


@dataclass(frozen=True)
class Told:
    """A push's events, and Dial Whom's answers to its caller, None if they were not read."""

    events: Sequence[Event]
    dialled: Sequence[Answered] | None


def jitter() -> int:
    """Return 1 to 3 seconds."""
    return random.randint(1, 3)  # noqa: S311 it spreads load and is no secret


@cache
def build() -> Parts:
    """Wire the use case to DynamoDB, SQS, FCM and APNs; timeouts and a send's 6 s fit into the function's 10 s."""
    settings = load(Settings)
    dynamodb = aws.client("dynamodb", connect=0.5, read=1.0)
    sqs = aws.client("sqs", connect=0.5, read=1.0)
    secrets = aws.client("secretsmanager", connect=0.5, read=1.0)
    secret = SecretsManagerSecret(secrets, settings.push_secret, time.time)
    services = PushServices(FcmGateway(secret, time.time), ApnsGateway(secret, time.time))
    dead_letters = SqsDeadLetters(sqs, settings.dead_letter_queue_url)
    once = aws.client("dynamodb", connect=0.3, read=0.5, tries=1)
    devices, ring_ms = DynamoDevices(dynamodb, settings.subscribers_table), settings.ring_seconds * 1000
    contexts = DynamoCallContexts(once, settings.call_contexts_table)
    names = DynamoDisplayNames(dynamodb, settings.subscribers_table)
    ringing = DynamoRingingCalls(dynamodb, settings.deliveries_table)
    deliveries = DynamoDeliveries(dynamodb, settings.deliveries_table)
    queue = SqsPushQueue(sqs, settings.push_queue_url)
    invited = FindInvited(devices, names, contexts, ringing, SENDS, ring_ms)
    cancelled = FindCancelled(devices, deliveries, deliveries, ringing)
    deliver_push = DeliverPush(
        devices,
        deliveries,
        services,
        dead_letters,
        *(time.time, jitter, SENDS, ring_ms),
        FindRecipients(devices, invited, cancelled),
        queue,
    )
    entries = DynamoEntries(once, settings.calls_table, time.time, settings.call_retention_days)
    join_push = JoinPush(entries, contexts, ring_ms)
    timeline = SqsTimelineQueue(sqs, settings.timeline_queue_url)
    return Parts(deliver_push, services, queue, dead_letters, join_push, timeline)


def handler(event: dict[str, Any], _context: object) -> dict[str, list[dict[str, str]]]:
    """Deliver a batch; return the records that SQS must deliver again."""
    build()  # once, before the threads
    began, records = time.monotonic(), event["Records"]
    events: list[Told] = []
    done = list(RECORDS.map(partial(delivered, events), records))
    left = TIMEOUT_SECONDS - (time.monotonic() - began)
    list(RECORDS.map(partial(report, seconds_left=left), events))
    again = [record["messageId"] for record, one in zip(records, done, strict=True) if not one]
    return {"batchItemFailures": [{"itemIdentifier": one} for one in again]}


def report(told: Told, seconds_left: float) -> None:
    """Store or queue a push's events after all sends; if both fail they are lost: a retry would repeat the batch."""
    try:
        if seconds_left < QUEUE_SECONDS:
            raise UnavailableError("no_time_left", "sending took the time that reporting needs")
        if seconds_left < QUEUE_SECONDS + STORE_SECONDS or not stored(told):
            build().timeline.put(told.events)
    except UnavailableError as fault:
        logger.warning("not reported", extra={"events": len(told.events), "code": fault.code})
        emit({EVENT_LOST: len(told.events)})


def stored(told: Told) -> bool:
    """Store a push's events under its call; return whether DynamoDB took them."""
    try:
        build().join_push(told.events, told.dialled)
    except AwsError as fault:
        logger.warning("not stored", extra={"fault": named(fault)})
        return False
    return True


def delivered(events: list[Told], record: Mapping[str, Any]) -> bool:
    """Deliver a record and add the push's events; return whether it is done with, else SQS delivers it again."""
    try:
        push, attempt = attempted(record["body"])
        if isinstance(push, Push):
            events.append(Told(list(events_of(push, attempt, int(time.time() * 1000))), attempt.dialled))
        receives = int(record["attributes"]["ApproximateReceiveCount"])
        observe(push, attempt, message_id=record["messageId"], receives=receives)
        if attempt.retry_after is not None:
            build().queue.delay(record["receiptHandle"], attempt.retry_after)
    except Exception as fault:  # of any kind, because the other records do not wait for this one
        logger.warning("put off", extra={"message_id": record["messageId"], "fault": reason_of(fault)})
        return False
    return attempt.retry_after is None


def attempted(body: str) -> tuple[Pushed | None, Attempt]:
    """Return a record's push and the attempt. A message that is not a push goes to the dead-letter queue."""
    try:
        push = decode(body)
    except MalformedRequestError as fault:
        build().dead_letters.put_body(body, fault.message)
        return None, Attempt((Delivery(Outcome.MALFORMED, fault.message),))
    try:
        return push, build().deliver_push(push)
    except Exception as fault:  # its attempt is logged, and the push comes back sooner than after an error
        return push, build().deliver_push.put_off(push, reason_of(fault))


warm(
    build,
    lambda: build().services.fcm.connect(),  # noqa: PLW0108 it is made in there, not at import
    lambda: build().services.apns.connect(),  # noqa: PLW0108
    lambda: build().deliver_push.devices.of("-", "-"),
)
