"""Helpers for the events that the rules read: alice calls bob at second 0."""

from typing import Any

from cli.why.diagnosis.case import Case, Finding, Party
from cli.why.diagnosis.rules import diagnose
from switchboard.subscribers.subscriber import Device, Status, Subscriber, TokenType
from switchboard.timeline.event import Detail, Event, Kind

ACCOUNT, CALL, PUSH = "demo1m", "c" * 32, "push-1"
START = 1_763_755_200_000  # 2025-11-21 20:00:00 UTC


def event(kind: Kind, at: int = 0, subscriber: str | None = None, call: str = CALL, **details: Detail) -> Event:
    """Return an event `at` milliseconds after the call's start."""
    return Event(ACCOUNT, call, kind, START + at, subscriber, details)


def dialled(route: str = "context", callee: str | None = "bob", at: int = 0, **more: Detail) -> Event:
    details: dict[str, Any] = {"caller": "alice", "route": route, "waited_ms": 4}
    named = {} if callee is None else {"callee": callee}
    return event(Kind.DIAL_WHOM, at, **(details | named | more))


def pushed(at: int = 1_000) -> Event:
    return event(Kind.PUSH_ACCEPTED, at, "bob", PUSH, push_id=PUSH, caller="alice")


def sent(outcome: str = "accepted", reason: str = "200", at: int = 1_200, **more: Detail) -> Event:
    sent = {"push_id": PUSH, "device": "0123456789ab", "platform": "android", "outcome": outcome, "reason": reason}
    return event(Kind.PUSH_SENT, at, "bob", PUSH, **(sent | more))


def ended(outcome: str, at: int = 1_200, **more: Detail) -> Event:
    return event(Kind.PUSH_ENDED, at, "bob", PUSH, **({"push_id": PUSH, "outcome": outcome} | more))


def acknowledged(at: int = 2_000, **more: Detail) -> Event:
    return event(Kind.PUSH_ACKNOWLEDGED, at, "bob", PUSH, **({"push_id": PUSH, "session_id": "session-1"} | more))


def callback(name: str, subscriber: str = "bob", at: int = 3_000, **more: Detail) -> Event:
    return event(Kind.SDK_CALLBACK, at, subscriber, "session-1", **({"name": name, "session_id": "session-1"} | more))


def error(kind: str, subscriber: str = "bob", **more: Detail) -> Event:
    return event(Kind.SDK_ERROR, 3_000, subscriber, "session-1", **({"type": kind} | more))


RANG = (dialled(), pushed(), sent(latency_ms=200))
GOOD = (*RANG, acknowledged(), callback("onCallRinging"), callback("onCallEstablished", at=6_000))


def party(*devices: Device, name: str = "bob", status: Status = Status.ACTIVE, known: bool = True) -> Party:
    profile = Subscriber(ACCOUNT, name, status, "v1", name.title(), 0, 0) if known else None
    return Party(name, profile, devices)


def phone(token_type: TokenType = TokenType.FCM, disabled_reason: str | None = None, version: str = "v1") -> Device:
    return Device("a-token", token_type, START, disabled_reason=disabled_reason, session_version=version)


def findings(*events: Event, **more: object) -> dict[str, Finding]:
    """Diagnose; the findings by their code."""
    return {found.code: found for found in diagnose(Case(events, **more))}  # type: ignore[arg-type]


def only(*events: Event, **more: object) -> Finding:
    """Diagnose what has one finding."""
    found = list(findings(*events, **more).values())
    assert len(found) == 1, found
    return found[0]
