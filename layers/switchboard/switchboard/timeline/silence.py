"""Phones that push services accept pushes for, and whose app has stopped confirming them (docs/decisions/0100)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from switchboard.subscribers.subscriber import Device
from switchboard.timeline.event import Event, Kind, shown

IN_A_ROW = 10  # pushes without an ack
ANY_PHONE = ""  # of an ack from before acks named the phone


@dataclass(frozen=True, slots=True)
class SentPush:
    """A push of a call at `at` (milliseconds), the devices that took it, and the phones whose app confirmed it.

    Devices and phones are shown keys.
    """

    at: int
    took: frozenset[str]
    confirmed_by: frozenset[str]

    def confirmed(self, phone: str) -> bool:
        """Whether that phone's app confirmed it."""
        return not self.confirmed_by.isdisjoint((shown(phone), ANY_PHONE))


def pushes_to(name: str, events: Iterable[Event]) -> Sequence[SentPush]:
    """Return the pushes to a subscriber among the events, oldest first."""
    accepted = dict[object, int]()
    took, confirmed = defaultdict[object, set[str]](set), defaultdict[object, set[str]](set)
    for event in events:
        push, details = event.details.get("push_id"), event.details
        if event.subscriber != name:
            continue
        if event.kind is Kind.PUSH_ACCEPTED:
            accepted[push] = event.at
        elif event.kind is Kind.PUSH_SENT and details.get("outcome") == "accepted":
            took[push].add(str(details.get("device")))
        elif event.kind is Kind.PUSH_ACKNOWLEDGED:
            confirmed[push].add(str(details.get("phone", ANY_PHONE)))
    pushes = [SentPush(at, frozenset(took[push]), frozenset(confirmed[push])) for push, at in accepted.items()]
    return sorted(pushes, key=lambda push: push.at)


def in_vain(device: Device, pushes: Iterable[SentPush]) -> bool | None:
    """Return whether the last ten pushes that the device took since it was registered were all not confirmed.

    None if that is open: there are fewer, and none was confirmed. An app that is started registers again.
    """
    key, phone = shown(device.key), device.phone or ""
    since = [push for push in pushes if key in push.took and push.at >= device.registered_at]
    last = sorted(since, key=lambda push: push.at)[-IN_A_ROW:]
    if any(push.confirmed(phone) for push in last):
        return False
    return True if len(last) == IN_A_ROW else None


def confirms(device: Device, pushes: Iterable[SentPush]) -> bool:
    """Whether the device's app confirmed any of the pushes, so that its silence says something."""
    return device.phone is not None and any(push.confirmed(device.phone) for push in pushes)
