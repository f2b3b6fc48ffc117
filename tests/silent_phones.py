"""Calls of alice to bob that one of bob's phones took, and that its app confirmed in time past."""

import time
from collections.abc import Callable, Sequence

from switchboard.subscribers.subscriber import Device, TokenType, phone_key
from switchboard.timeline.event import Event, Kind, shown

ACCOUNT, HOUR = "demo1m", 3_600_000


def phone(token: str, name: str = "bob") -> Device:
    """Return a phone that was registered 20 hours ago."""
    registered_at = int(time.time() * 1000) - 20 * HOUR
    key = phone_key(ACCOUNT, name, token)
    return Device(token, TokenType.FCM, registered_at, session_version="v1", phone=key)


def taken(hours_ago: int, device: Device, *, acked: bool = False, name: str = "bob") -> Sequence[Event]:
    """Return a call's events, of which its push has joined the call."""
    at, call = int(time.time() * 1000) - hours_ago * HOUR, f"sid-{name}-{hours_ago}"
    push = f"push-{name}-{hours_ago}"
    ids, ack = {"push_id": push}, {"phone": shown(device.phone or ""), "state": "ringing"}
    sent = {"device": shown(device.key), "outcome": "accepted"}
    acks = [Event(ACCOUNT, push, Kind.PUSH_ACKNOWLEDGED, at + 900, name, ids | ack)] if acked else []
    return [
        Event(ACCOUNT, call, Kind.DIAL_WHOM, at, None, {"caller": "alice", "callee": name, "route": "context"}),
        Event(ACCOUNT, call, Kind.PUSH_ACCEPTED, at + 300, name, {"caller": "alice"} | ids),
        Event(ACCOUNT, call, Kind.PUSH_SENT, at + 400, name, ids | sent),
        *acks,
    ]


def silent(device: Device, happened: Callable[..., None], name: str = "bob", *, acks: bool = True) -> None:
    """Have a phone take ten pushes in vain, after one that its app confirmed (with `acks`)."""
    happened(*taken(11, device, acked=acks, name=name))
    for hours_ago in range(10, 0, -1):
        happened(*taken(hours_ago, device, name=name))
