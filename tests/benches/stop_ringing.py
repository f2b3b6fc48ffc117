"""Ringing calls that end, with fakes for everything outside the use cases: alice calls dave, who has two phones."""

from dataclasses import replace

from local.calls.call_data import call_data
from switchboard.calls.context import Asked, CallContext
from switchboard.pushes.cancel import Cancel, Reason
from switchboard.pushes.find_ringing import FindRinging
from switchboard.pushes.missed_call import Pushed
from switchboard.pushes.push import Attempt, Delivery, Push
from switchboard.pushes.stop_ringing import AckState, StopRinging
from switchboard.subscribers.subscriber import CANCEL, Device, TokenType
from switchboard.timeline.event import Event, Kind
from tests.benches.deliver_push import ACCEPTED_AT, PUSH, DeliveryBench

ACCOUNT = PUSH.account
RING_MS = 30_000
_KNOWS = frozenset({CANCEL})
ONE = Device("one", TokenType.FCM, 1, session_version="v1", phone="phone-1", knows=_KNOWS)
TWO = Device("two", TokenType.FCM, 2, session_version="v1", phone="phone-2", knows=_KNOWS)


def invited(session: str = "session-1", *, after: int = 0) -> Push:
    """Return alice's push to dave, accepted `after` milliseconds after the first."""
    one = replace(PUSH, payload=call_data("alice", session), accepted_at=ACCEPTED_AT + after)
    return replace(one, push_id=f"{one.key}0a1b2c3d")


def agent(event: str, call: str = "sid-1") -> Event:
    """Return Exotel's agent pass-through about alice's call."""
    details = {"hook": "agent", "event": event, "caller": "alice", "callee": "dave"}
    return Event(ACCOUNT, call, Kind.EXOTEL_EVENT, ACCEPTED_AT, details=details)


def passthru(call_type: str, dial_status: str, call: str = "sid-1") -> Event:
    """Return Exotel's Passthru about alice's call."""
    details = {"hook": "passthru", "call_type": call_type, "dial_status": dial_status, "caller": "alice"}
    return Event(ACCOUNT, call, Kind.EXOTEL_EVENT, ACCEPTED_AT, details=details)


def callback(name: str, event: str, at: int, **ids: str) -> Event:
    """Return an event of the SDK of a subscriber's app, with the ids as reports/sdk_reports.py stores them."""
    details = {"name": event} | {key: value for key, value in ids.items() if key != "call_id"}
    return Event(ACCOUNT, next(iter(ids.values())), Kind.SDK_CALLBACK, at, name, details)


class StoppingBench:
    """Dial Whom has answered alice's call `sid-1`, 400 ms before its push was accepted; nothing is delivered yet."""

    def __init__(self, *devices: Device, **answers: list[Delivery]) -> None:
        self.delivery = DeliveryBench(*(devices or (ONE, TWO)), by_token=answers)
        self.clock, self.gateway, self.cancels = self.delivery.clock, self.delivery.gateway, self.delivery.cancels
        self.push = invited()
        find = FindRinging(self.delivery.ringing, self.delivery.contexts, self.clock, RING_MS)
        self.stop = StopRinging(find, self.delivery.ringing, self.cancels, self.clock)
        self.dial("sid-1", after=-400)

    @property
    def now(self) -> int:
        return int(self.clock.now * 1000)

    def dial(self, call: str, *, after: int) -> None:
        at = ACCEPTED_AT + after
        self.delivery.contexts.put(CallContext(ACCOUNT, "alice", "dave", "", at, at // 1000 + 3_600))
        self.delivery.contexts.claim(ACCOUNT, "alice", call, Asked(at, 0, "context"))

    def deliver(self, push: Push | None = None) -> Attempt:
        return self.delivery.deliver(push or self.push)

    def ring(self) -> "StoppingBench":
        self.deliver()
        return self

    def acknowledge(self, state: AckState, device: Device) -> None:
        if state is not AckState.RINGING:  # as the function
            self.stop.acknowledged(ACCOUNT, "dave", self.push.push_id, state, device.phone or "")

    def run(self) -> None:
        """Deliver what is queued, also what that queues."""
        while self.cancels.queued:
            self.delivery.deliver(self.cancels.queued.pop(0))

    def got(self, device: Device) -> list[Pushed]:
        return [message for token, message in self.gateway.messages if token == device.token]

    def kinds(self, device: Device) -> list[str]:
        return [message.type for message in self.got(device)]

    def last(self, device: Device) -> Pushed:
        return self.got(device)[-1]

    def reason(self, device: Device) -> Reason | None:
        last = self.last(device)
        return last.reason if isinstance(last, Cancel) else None

    def rings(self, device: Device, push: Push) -> bool:
        """Whether the device rings for that call: its last message about it is the invite."""
        about = [one for one in self.got(device) if _is_about(one, device, push)]
        return bool(about) and isinstance(about[-1], Push)


def _is_about(message: Pushed, device: Device, push: Push) -> bool:
    if isinstance(message, Cancel):
        return message.invites[device.key].push_id == push.push_id
    return message.push_id == push.push_id
