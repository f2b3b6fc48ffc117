"""GET, POST, HEAD dialtonumber: returns the callee to Exotel. Hot: the caller hears nothing until the response."""

from switchboard.runtime.warm import warm

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Literal, cast

from switchboard.aws import clients as aws
from switchboard.calls.context import Asked
from switchboard.calls.dial_whom import DialRequest, DialWhom
from switchboard.calls.dynamodb import DynamoCallContexts
from switchboard.exotel.gate import gate
from switchboard.exotel.routing import BridgeOptions
from switchboard.foundation.caller_ids import name_in
from switchboard.foundation.errors import AwsError, InvalidFieldError, NotFoundError, UnavailableError
from switchboard.runtime.log import logger, named
from switchboard.runtime.metrics import EVENT_LOST, emit
from switchboard.runtime.settings import load
from switchboard.runtime.timeout import within
from switchboard.subscribers.status_dynamodb import DynamoSubscriberStatus
from switchboard.web.http import ACCOUNT, HOOKS, Reply, api
from switchboard.web.request import Request, encodable
from switchboard.web.request_metrics import count_dial_whom

ANSWER_SECONDS = 3.7  # after arrival; the response needs the rest of the 4.0 that we promise
NOTE_SECONDS = 0.2  # the longest time for a note, since the caller waits for it
TRACE_SECONDS = 3600  # how long a note stays in the table; the stream delivers it within seconds


@dataclass(frozen=True)
class Settings:
    """The environment of DialWhomFunction, without that of exotel/gate.py."""

    call_contexts_table: str
    subscribers_table: str
    dial_whom_format: str
    custom_field_routing: bool
    late_context_ms: int
    ring_seconds: int
    conversation_seconds: int
    record: bool
    recording_channels: str


@cache
def settings() -> Settings:
    """Read the environment once."""
    return load(Settings)


@cache
def dial_whom() -> DialWhom:
    """Wire the use case to DynamoDB, with timeouts that leave time to respond if it hangs."""
    dynamodb = aws.client("dynamodb", connect=0.4, read=0.6)
    contexts = DynamoCallContexts(dynamodb, settings().call_contexts_table)
    return DialWhom(
        contexts,
        DynamoSubscriberStatus(dynamodb, settings().subscribers_table),
        time.time,
        time.sleep,
        settings().late_context_ms,
        settings().custom_field_routing,
        partial(note, contexts),
    )


def note(contexts: DynamoCallContexts, question: DialRequest, asked: Asked, callee: str | None) -> None:
    """Store an answer that claimed no context, for the call's timeline; a failure does not affect the response."""
    until = int(asked.at / 1000) + TRACE_SECONDS
    account, caller, call_sid = question.account, question.caller, question.call_sid
    try:
        within(NOTE_SECONDS, lambda: contexts.note(account, caller, call_sid, asked, callee=callee, expires_at=until))
    except (UnavailableError, AwsError) as fault:
        logger.warning("not noted", extra={"call_sid": call_sid, "fault": named(fault)})
        emit({EVENT_LOST: 1})


@cache
def options() -> BridgeOptions:
    """Read the options of a bridged call."""
    channels = cast("Literal['single', 'dual']", settings().recording_channels)
    return BridgeOptions(settings().ring_seconds, settings().conversation_seconds, settings().record, channels)


def answer(request: Request) -> Reply:
    """Respond in text or JSON (contract 2.1), within ANSWER_SECONDS of the request's arrival."""
    now = time.time()
    arrived = request.arrived_at(now) or now
    return within(arrived + ANSWER_SECONDS - now, lambda: _answer(request, arrived))


def _answer(request: Request, arrived: float) -> Reply:
    account, entry = gate().admit(request)
    asked = _fields(request)
    question = _question(request, account, asked, arrived)
    found = dial_whom()(question)
    request.notes |= {"callee": found.callee, "found_by": str(found.route)}
    if _wants_json(request):
        dialled = name_in(asked.get("CallTo", "").replace(" ", "+"))  # a + that was not encoded
        return Reply(options().answer(found.callee, entry.get("outgoing_phone_number"), dialled))
    if found.callee is None:
        raise NotFoundError("no_one", f"nobody to bridge this caller to: {found.route}")
    return Reply(f"sip:{found.callee}")


def _fields(request: Request) -> Mapping[str, str]:
    """Return the request's fields: the query's, and those of a POST's body, which override them."""
    if not request.route.startswith("POST ") or not request.body:
        return request.query
    from switchboard.web.form_body import fields_in  # noqa: PLC0415 - rarely needed, and slow to import at a cold start

    sent = fields_in(request.body, request.header("content-type"))
    return {**request.query, **{name: encodable(value) for name, value in sent.items() if isinstance(value, str)}}


def _question(request: Request, account: str, asked: Mapping[str, str], arrived: float) -> DialRequest:
    call_sid, caller = asked.get("CallSid", ""), name_in(asked.get("CallFrom", ""))
    request.notes |= {"call_sid": call_sid, "caller": caller}
    for field, value in (("CallSid", call_sid), ("CallFrom", caller)):
        if not 1 <= len(value) <= 100:
            raise InvalidFieldError("invalid_field", f"{field} is needed, with at most 100 characters", field=field)
    return DialRequest(account, caller, call_sid, asked.get("CustomField", ""), arrived)


def _wants_json(request: Request) -> bool:
    wanted = settings().dial_whom_format
    return wanted == "json" or (wanted == "auto" and bool(request.header("exotel-version")))


handler = api(
    {f"{method} {base}/dialtonumber": answer for method in ("GET", "POST", "HEAD") for base in (ACCOUNT, HOOKS)},
    count_dial_whom,
)
warm(
    lambda: gate().prepare(),
    lambda: dial_whom().subscribers.status("-", "-"),
    options,
    kept=(aws.credentials, gate, dial_whom),
)
