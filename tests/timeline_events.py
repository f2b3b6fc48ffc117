"""Events of example calls, in the form of the functions and the apps."""

import random
from collections.abc import Sequence

from switchboard.timeline.event import Detail, Event, Kind

ACCOUNT = "demo1m"
BEGAN = 1_700_000_000_000


def event(call: str, kind: Kind, at: int, subscriber: str | None = None, **details: Detail) -> Event:
    return Event(ACCOUNT, call, kind, at, subscriber, details)


def dialled(call: str, at: int, caller: str = "alice", callee: str | None = "bob", route: str = "context") -> Event:
    details: dict[str, Detail] = {"caller": caller, "route": route, "waited_ms": 3}
    return Event(ACCOUNT, call, Kind.DIAL_WHOM, at, None, details | ({"callee": callee} if callee else {}))


def pushed(push_id: str, at: int, caller: str = "alice", callee: str = "bob", key: str = "") -> Event:
    """Return a push; those of one `key` are the same one, sent again."""
    return event(push_id, Kind.PUSH_ACCEPTED, at, callee, caller=caller, push_id=push_id, push_key=key or push_id)


def passthru(call: str, at: int, call_type: str, dial_status: str | None = None, talked: int | None = None) -> Event:
    url = f"https://recordings.example/{call}" if talked else None
    told = {"call_type": call_type, "dial_status": dial_status, "duration_s": talked, "recording_url": url}
    details = {"hook": "passthru", **{name: value for name, value in told.items() if value is not None}}
    return Event(ACCOUNT, call, Kind.EXOTEL_EVENT, at, None, details)


def agent(call: str, at: int, step: str, callee: str = "bob") -> Event:
    return event(call, Kind.EXOTEL_EVENT, at, hook="agent", event=step, callee=callee)


def call_of(number: int, began: int = BEGAN) -> list[Event]:
    """Return ten events of a call between two parties of its own: answered, rejected, missed or failed."""
    call, push_id, session = f"sid-{number}", f"push-{number}", f"session-{number}"
    caller, callee = f"caller{number}", f"callee{number}"
    at = began + number * 10
    ended = at + 20_000
    answered = number % 4 == 0
    ending = [("completed", "completed"), ("incomplete", "busy"), ("incomplete", "no-answer"), ("incomplete", "failed")]
    partial = number % 3 == 0  # events that lack what earlier ones had
    return [
        dialled(call, at, caller, callee),
        pushed(push_id, at + 200, caller, callee),
        event(push_id, Kind.PUSH_SENT, at + 300, callee, push_id=push_id, device="d", outcome="accepted"),
        event(push_id, Kind.PUSH_ACKNOWLEDGED, at + 900, callee, push_id=push_id, session_id=session),
        agent(call, at + 1_000, "dial", callee),
        agent(call, at + 1_500, "ringing", callee),
        agent(call, at + 5_000, "answered" if answered else "terminal", callee),
        passthru(call, ended, *ending[number % 4], 15 if answered else None),
        passthru(call, ended + 500, ending[number % 4][0]) if partial else agent(call, ended + 500, "terminal", callee),
        event(
            call if answered else session,  # a session that only the callee's app names is nothing to the caller
            Kind.FEEDBACK,
            ended + 9_000,
            caller if answered else callee,
            session_id=session,
            rating=number % 5 + 1,
        ),
    ]


def messages_of(told: Sequence[Event], events: Sequence[Event], most: int) -> list[list[Event]]:
    """Return what was told in messages of at most so many events, and in each with a push's that it was accepted.

    deliver_push says so at each attempt: the push's call is found by that event.
    """
    accepted = {event.call: event for event in events if event.kind is Kind.PUSH_ACCEPTED}
    return [
        [*(accepted[one.call] for one in batch if one.kind is Kind.PUSH_SENT), *batch]
        for batch in ([*told[start : start + most]] for start in range(0, len(told), most))
    ]


def shuffled(events: Sequence[Event], seed: int) -> list[Event]:
    """Return the events in a random order, a third of them twice."""
    chance = random.Random(seed)  # noqa: S311 it hides nothing
    told = [*events, *chance.sample(events, len(events) // 3)]
    chance.shuffle(told)
    return told
