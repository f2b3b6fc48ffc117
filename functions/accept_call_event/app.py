"""GET, POST and HEAD callevents: Exotel's call events. Hot: a caller may be waiting in the call flow."""

from switchboard.runtime.warm import warm

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from switchboard.aws import clients as aws
from switchboard.call_events.accept_call_event import AcceptCallEvent
from switchboard.exotel.gate import gate
from switchboard.foundation.errors import (
    AwsError,
    ForbiddenError,
    NotConfiguredError,
    SwitchboardError,
    UnauthorizedError,
    UnavailableError,
)
from switchboard.runtime.log import named
from switchboard.runtime.metrics import EVENT_LOST, emit
from switchboard.runtime.settings import load
from switchboard.timeline.entries_dynamodb import DirectWriter, DynamoEntries
from switchboard.timeline.event import Event
from switchboard.timeline.queue import SqsTimelineQueue
from switchboard.timeline.times import call_is_over, callee_answered
from switchboard.web.form_body import fields_in
from switchboard.web.http import ACCOUNT, HOOKS, Reply, api
from switchboard.web.request import Request


@dataclass(frozen=True)
class Settings:
    """The environment of AcceptCallEventFunction, without that of exotel/gate.py."""

    calls_table: str
    timeline_queue_url: str
    call_retention_days: int


@cache
def accept_call_event() -> AcceptCallEvent:
    """Wire the use case to DynamoDB, with one try of at most 1 s, and for its faults to SQS, with two in about 3 s."""
    settings = load(Settings)
    dynamodb = aws.client("dynamodb", connect=0.3, read=0.7, tries=1)
    entries = DynamoEntries(dynamodb, settings.calls_table, time.time, settings.call_retention_days)
    return AcceptCallEvent(DirectWriter(entries, queue), time.time)


@cache
def queue() -> SqsTimelineQueue:
    """Make the queue's client, which is needed only when DynamoDB fails."""
    return SqsTimelineQueue(aws.client("sqs", connect=0.3, read=0.5), load(Settings).timeline_queue_url)


def pass_through(request: Request) -> Reply:
    """Respond to an applet: 200 even for an invalid event, because another status diverts the call.

    It is also 200 while the credentials cannot be read; the event is then dropped. HEAD is a probe without an event.
    """
    probe = request.route.startswith("HEAD ")
    try:
        account, _ = gate().admit(request)
        if not probe:
            _keep(request, account, request.query)
    except (UnauthorizedError, ForbiddenError, NotConfiguredError):
        raise
    except (UnavailableError, AwsError) as fault:
        if not probe:
            request.notes["lost"] = fault.code if isinstance(fault, UnavailableError) else named(fault)
            emit({EVENT_LOST: 1})
    except SwitchboardError as error:  # the event is invalid
        request.notes["lost"] = error.code
    return Reply("")


def status_callback(request: Request) -> Reply:
    """Respond to a StatusCallback, with an error status after a failure: Exotel then retries twice."""
    account, _ = gate().admit(request)
    _keep(request, account, {**request.query, **fields_in(request.body, request.header("content-type"))})
    return Reply("")


def _keep(request: Request, account: str, fields: Mapping[str, object]) -> None:
    event = accept_call_event()(account, fields)
    request.notes |= {"call_sid": event.call, "hook": event.details["hook"], "event": event.details.get("event")}
    if call_is_over(event) or callee_answered(event):
        _stop_ringing(event)


def _stop_ringing(event: Event) -> None:
    """Tell the callee's phones, if they may still ring."""
    from switchboard.pushes.stopping import best_effort, stop_ringing  # noqa: PLC0415 a cold start need not wait for it

    with best_effort():
        stop_ringing().told(event)


_ROUTES = {"GET": pass_through, "HEAD": pass_through, "POST": status_callback}
handler = api({f"{method} {base}/callevents": route for method, route in _ROUTES.items() for base in (ACCOUNT, HOOKS)})
warm(lambda: gate().prepare(), accept_call_event)
