"""POST, GET, DELETE context: the callee whom a caller is about to dial."""

from switchboard.runtime.warm import warm

import time
from dataclasses import dataclass
from functools import cache

from switchboard.aws import clients as aws
from switchboard.calls.answers import ContextAnswer, SharedContext
from switchboard.calls.call_context import CallContextOf
from switchboard.calls.dynamodb import DynamoCallContexts
from switchboard.calls.schema import SetContext
from switchboard.login.gate import user_gate
from switchboard.login.sessions import UserGate
from switchboard.runtime.settings import load
from switchboard.subscribers.dynamodb import DynamoSubscribers
from switchboard.subscribers.erased_users_dynamodb import DynamoErasedUsers
from switchboard.subscribers.generations_dynamodb import DynamoGenerations
from switchboard.web.bodies import read
from switchboard.web.http import SUBSCRIBER, Body, Reply, api
from switchboard.web.request import Request


@dataclass(frozen=True)
class Settings:
    """The environment of CallContextFunction."""

    call_contexts_table: str
    subscribers_table: str
    erasures_table: str
    session_secret: str
    session_hours: int
    stock_apps: str
    context_seconds: int


@dataclass(frozen=True)
class Parts:
    """What a request needs."""

    gate: UserGate
    contexts: CallContextOf


@cache
def build() -> Parts:
    """Wire the use case to DynamoDB and Secrets Manager."""
    settings, dynamodb = load(Settings), aws.client("dynamodb")
    subscribers = DynamoSubscribers(dynamodb, settings.subscribers_table)
    gate = user_gate(subscribers, settings.session_secret, settings.session_hours, settings.stock_apps)
    contexts = DynamoCallContexts(dynamodb, settings.call_contexts_table)
    profiles = DynamoGenerations(dynamodb, settings.subscribers_table)
    erased = DynamoErasedUsers(dynamodb, settings.erasures_table, profiles, time.time, strong=False)
    return Parts(gate, CallContextOf(contexts, time.time, settings.context_seconds, erased))


def set_context(request: Request) -> Reply:
    """Store the callee of the caller's next call."""
    parts = build()
    user, caller = parts.gate.admit(request), request.path("name")
    with parts.contexts.replacing(user.account, caller):
        wanted = read(SetContext, request)
        context = parts.contexts.set(user.account, caller, wanted.dialToNumber, wanted.message, user.display_name)
    answer: ContextAnswer = {
        "dialToNumber": context.callee,
        "message": context.message,
        "expires_at": context.expires_at,
    }
    return Reply(answer)


def get_context(request: Request) -> Reply:
    """Return the context to its caller or callee."""
    parts = build()
    user = parts.gate.admit(request, own=False)
    context = parts.contexts.get(user.account, request.path("name"), user.name, user.generation)
    if context is None:
        return Reply(SharedContext(message="", callerName=user.display_name or request.path("name")))
    answer: SharedContext = {
        "message": context.message,
        "callerName": context.shown_caller,
        "dialToNumber": context.callee,
        "expires_at": context.expires_at,
    }
    return Reply(answer)


def not_for_the_callee(refusal: Body) -> Body:
    """Move an error's text from `message` to `detail`: the Android app shows `message` to the callee at any status."""
    return {**refusal, "message": "", "detail": refusal["message"]}


def delete_context(request: Request) -> Reply:
    """End the caller's context."""
    parts = build()
    parts.gate.admit(request)
    parts.contexts.delete(request.path("accountSid"), request.path("name"))
    return Reply({})


handler = api(
    {
        f"POST {SUBSCRIBER}/context": set_context,
        f"GET {SUBSCRIBER}/context": get_context,
        f"DELETE {SUBSCRIBER}/context": delete_context,
    },
    refusals={f"GET {SUBSCRIBER}/context": not_for_the_callee},
)
warm(lambda: build().gate.prepare())  # noqa: PLW0108 it is made in there, not at import
