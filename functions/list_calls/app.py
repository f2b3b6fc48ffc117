"""GET calls: a subscriber's own call history."""

from switchboard.runtime.warm import warm

import time
from dataclasses import dataclass
from functools import cache

from switchboard.aws import clients as aws
from switchboard.foundation.errors import InvalidFieldError
from switchboard.login.gate import session_tokens
from switchboard.login.sessions import UserGate
from switchboard.rate_limits.dynamodb import DynamoRateLimits
from switchboard.rate_limits.request_throttle import FirstFew, RequestThrottle
from switchboard.runtime.settings import load
from switchboard.subscribers.dynamodb import DynamoSubscribers
from switchboard.timeline.dynamodb import DynamoTimelines
from switchboard.timeline.list_calls import ListCalls
from switchboard.web.http import SUBSCRIBER, Reply, api
from switchboard.web.request import Request

USUAL, MOST = 20, 50  # calls on a page
PER_MINUTE = 60  # pages of one subscriber
FIRST_FEW = 5  # of them that an environment counts by itself (docs/decisions/0057)


@dataclass(frozen=True)
class Settings:
    """The environment of ListCallsFunction."""

    calls_table: str
    subscribers_table: str
    rate_limits_table: str
    session_secret: str
    session_hours: int


@dataclass(frozen=True)
class Parts:
    """What a request needs."""

    gate: UserGate
    throttle: RequestThrottle
    list_calls: ListCalls


@cache
def build() -> Parts:
    """Wire the use case to DynamoDB and Secrets Manager."""
    settings = load(Settings)
    dynamodb = aws.client("dynamodb")
    tokens = session_tokens(settings.session_secret, settings.session_hours)
    gate = UserGate(tokens, DynamoSubscribers(dynamodb, settings.subscribers_table))
    limits = DynamoRateLimits(dynamodb, settings.rate_limits_table)
    throttle = RequestThrottle(limits, time.time, "calls", PER_MINUTE, 60, FirstFew(FIRST_FEW))
    return Parts(gate, throttle, ListCalls(DynamoTimelines(dynamodb, settings.calls_table, time.time)))


def calls(request: Request) -> Reply:
    """List a page of the user's calls."""
    parts = build()
    user = parts.gate.admit(request, stock=False)
    account, name = request.path("accountSid"), request.path("name")
    parts.throttle.count(account, name)
    limit, cursor = _limit(request.query.get("limit", "")), request.query.get("cursor") or None
    return Reply(parts.list_calls(account, name, limit, cursor, user.generation))


def _limit(text: str) -> int:
    if not text:
        return USUAL
    if not text.isdecimal() or len(text) > 3 or not 1 <= int(text) <= MOST:
        raise InvalidFieldError("invalid_field", f"limit must be a whole number from 1 to {MOST}", field="limit")
    return int(text)


handler = api({f"GET {SUBSCRIBER}/calls": calls})
warm(lambda: build().gate.prepare())  # noqa: PLW0108 it is made in there, not at import
