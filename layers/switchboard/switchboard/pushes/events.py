"""The timeline events of a push's delivery."""

from collections.abc import Iterator

from switchboard.pushes.payload import caller_in
from switchboard.pushes.push import Attempt, Outcome, Push, Send
from switchboard.timeline.event import Event, Kind, shown

_ENDS = (Outcome.STALE, Outcome.NO_DEVICE, Outcome.SUSPENDED, Outcome.REPEATED, Outcome.TOO_LATE, Outcome.ENDED)


def events_of(push: Push, attempt: Attempt, now_ms: int) -> Iterator[Event]:
    """Yield the event that the push was accepted, with the same key at each attempt, and the events of this attempt."""
    ids = {"push_id": push.push_id}
    caller = caller_in(push.payload)
    accepted = ids | {"push_key": shown(push.key)} | ({"caller": caller} if caller else {})
    yield _event(push, Kind.PUSH_ACCEPTED, push.accepted_at, **accepted)
    for send in attempt.sends:
        yield _sent(push, send)
    for ended in attempt.deliveries:
        if not attempt.sends and ended.outcome in _ENDS:
            why = {"reason": ended.reason} if ended.reason else {}
            yield _event(push, Kind.PUSH_ENDED, now_ms, **ids, outcome=ended.outcome, **why)


def _sent(push: Push, send: Send) -> Event:
    delivery = send.delivery
    details: dict[str, str | int | None] = {
        "push_id": push.push_id,
        "device": shown(send.device),
        "platform": send.platform,
        "outcome": delivery.outcome,
        "reason": delivery.reason,
        "latency_ms": delivery.latency_ms,
    }
    return _event(push, Kind.PUSH_SENT, send.at, **{k: v for k, v in details.items() if v not in (None, "")})


def _event(push: Push, kind: Kind, at: int, **details: str | int | None) -> Event:
    return Event(push.account, push.push_id, kind, at, push.subscriber_name, details)
