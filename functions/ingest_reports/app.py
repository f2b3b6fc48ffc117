"""POST feedback, events, pushes/{pushId}/ack, logs: what the apps know of a call. By session, whatever StockApps."""

from switchboard.runtime.warm import warm

import re
import time
import uuid
from dataclasses import dataclass
from functools import cache
from typing import cast

from switchboard.aws import clients as aws
from switchboard.calls.dynamodb import DynamoCallContexts
from switchboard.foundation.errors import InvalidFieldError
from switchboard.login.gate import user_gate
from switchboard.login.sessions import User, UserGate
from switchboard.logs.batches import S3LogBatches
from switchboard.logs.ingest_logs import IngestLogs
from switchboard.logs.schema import SendLogs
from switchboard.pushes.acknowledge_push import AcknowledgePush
from switchboard.pushes.answers import AckAnswer, CallShown
from switchboard.pushes.deliveries import DynamoDeliveries
from switchboard.pushes.schema import AckBody
from switchboard.pushes.stop_ringing import AckState
from switchboard.pushes.stopping import best_effort, stop_ringing
from switchboard.rate_limits.dynamodb import DynamoRateLimits
from switchboard.rate_limits.request_throttle import FirstFew, RequestThrottle
from switchboard.reports.answers import AcceptedAnswer, FeedbackAnswer
from switchboard.reports.feedback import Issue
from switchboard.reports.ingest_reports import GiveFeedback, IngestEvents
from switchboard.reports.schema import EventsBody, FeedbackBody
from switchboard.runtime.settings import load
from switchboard.subscribers.dynamodb import DynamoSubscribers
from switchboard.timeline.dynamodb import DynamoTimelines
from switchboard.timeline.entries_dynamodb import DirectWriter, DynamoEntries
from switchboard.timeline.queue import SqsTimelineQueue
from switchboard.web.bodies import read
from switchboard.web.http import SUBSCRIBER, Reply, api
from switchboard.web.request import Request

PER_MINUTE = {"feedback": 30, "events": 60, "ack": 120, "logs": 20}  # requests of one subscriber
FIRST_FEW = 5  # of them that an environment counts by itself: more than an app sends of a usual call
_PUSH_ID = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")


@dataclass(frozen=True)
class Settings:
    """The environment of IngestReportsFunction."""

    subscribers_table: str
    rate_limits_table: str
    calls_table: str
    deliveries_table: str
    call_contexts_table: str
    log_bucket: str
    timeline_queue_url: str
    session_secret: str
    session_hours: int
    call_retention_days: int


@cache
def settings() -> Settings:
    """Read the environment once."""
    return load(Settings)


@cache
def gate() -> UserGate:
    """Build the check of sessions; without one every request is refused."""
    wanted = settings()
    subscribers = DynamoSubscribers(aws.client("dynamodb"), wanted.subscribers_table)
    return user_gate(subscribers, wanted.session_secret, wanted.session_hours, "deny")


@dataclass(frozen=True)
class Parts:
    """What a request needs."""

    attempts: DynamoRateLimits
    events: IngestEvents
    acknowledge_push: AcknowledgePush
    give_feedback: GiveFeedback


@cache
def writer() -> DirectWriter:
    """Write into the Calls table; the queue's client is made only when DynamoDB fails."""
    wanted, dynamodb = settings(), aws.client("dynamodb")
    entries = DynamoEntries(dynamodb, wanted.calls_table, time.time, wanted.call_retention_days)
    return DirectWriter(entries, cache(lambda: SqsTimelineQueue(aws.client("sqs"), wanted.timeline_queue_url)))


@cache
def build() -> Parts:
    """Wire the use cases to DynamoDB."""
    wanted, dynamodb = settings(), aws.client("dynamodb")
    attempts = DynamoRateLimits(dynamodb, wanted.rate_limits_table)
    timelines = DynamoTimelines(dynamodb, wanted.calls_table, time.time)
    deliveries = DynamoDeliveries(dynamodb, wanted.deliveries_table)
    acknowledge_push = AcknowledgePush(deliveries, DynamoCallContexts(dynamodb, wanted.call_contexts_table), time.time)
    events, give_feedback = IngestEvents(writer(), time.time), GiveFeedback(timelines, writer(), time.time)
    return Parts(attempts, events, acknowledge_push, give_feedback)


@cache
def build_logs() -> IngestLogs:
    """Wire the storage of log lines to S3 and DynamoDB; only built when an app sends any."""
    wanted = settings()
    return IngestLogs(
        S3LogBatches(aws.client("s3"), wanted.log_bucket),
        DynamoTimelines(aws.client("dynamodb"), wanted.calls_table, time.time),
        writer(),
        time.time,
        lambda: uuid.uuid4().hex,
    )


@cache
def throttle(what: str) -> RequestThrottle:
    """Build the rate limit for `what`, once for each environment."""
    return RequestThrottle(build().attempts, time.time, what, PER_MINUTE[what], 60, FirstFew(FIRST_FEW))


def admit(request: Request, what: str) -> tuple[str, str, User]:
    """Return account, subscriber and session; raises without a session, and above the rate limit for `what`."""
    user = gate().admit(request, stock=False)
    account, name = request.path("accountSid"), request.path("name")
    throttle(what).count(account, name)
    return account, name, user


def feedback(request: Request) -> Reply:
    """Rate a call."""
    account, name, user = admit(request, "feedback")
    body = read(FeedbackBody, request)
    request.notes["call"] = body.callId
    said = build().give_feedback(account, name, body.callId, body.to_domain(), user.generation).details
    answer: FeedbackAnswer = {
        "callId": body.callId,
        "rating": cast("int", said.get("rating")),
        "issue": cast("Issue", said.get("issue", "")),
        "comment": cast("str", said.get("comment", "")),
    }
    return Reply(answer)


def events(request: Request) -> Reply:
    """Accept the SDK's events."""
    account, name, user = admit(request, "events")
    told = [event.model_dump(exclude_none=True, warnings=False) for event in read(EventsBody, request).events]
    events = build().events.report(account, name, told)
    request.notes["events"] = len(events)
    with best_effort():
        stop_ringing().reported(account, name, events, user.phone)
    return Reply(AcceptedAnswer(accepted=len(told)), 202)


def acknowledge(request: Request) -> Reply:
    """Accept the acknowledgement of a push, and answer what its call is about."""
    account, name, user = admit(request, "ack")
    push_id = request.path("pushId")
    if not _PUSH_ID.match(push_id):
        raise InvalidFieldError("invalid_field", "pushId is not one that came with a push", field="pushId")
    state = read(AckBody, request).state
    request.notes |= {"push_id": push_id, "state": state}
    parts = build()
    known = parts.acknowledge_push(account, name, push_id, user.generation)
    request.notes["accepted"] = known is not None
    if known is None:
        return Reply(AckAnswer(pushId=push_id, context=None), 202)
    if state is not AckState.RINGING:
        stop_ringing().acknowledged(account, name, push_id, state, user.phone)
    parts.events.acknowledge(account, name, push_id, state, user.phone)
    context = known.context
    shown: CallShown | None = context and {"message": context.message, "callerName": context.shown_caller}
    return Reply(AckAnswer(pushId=push_id, context=shown), 202)


def logs(request: Request) -> Reply:
    """Store a batch of log lines."""
    account, name, _ = admit(request, "logs")
    body = read(SendLogs, request)
    lines = [line.model_dump(exclude_none=True) for line in body.lines]
    request.notes["object"] = build_logs()(account, name, body.sender, lines)
    return Reply(AcceptedAnswer(accepted=len(lines)), 202)


handler = api(
    {
        f"POST {SUBSCRIBER}/feedback": feedback,
        f"POST {SUBSCRIBER}/events": events,
        f"POST {SUBSCRIBER}/pushes/{{pushId}}/ack": acknowledge,
        f"POST {SUBSCRIBER}/logs": logs,
    }
)
warm(lambda: gate().prepare(), build)
