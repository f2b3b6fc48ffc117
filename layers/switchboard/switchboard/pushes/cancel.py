"""The message that stops a phone's ringing: the call was answered, declined or ended elsewhere (contract 7)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from switchboard.pushes.ringing import RingingCall
from switchboard.subscribers.subscriber import Device

TYPE = "cancel"


class Reason(StrEnum):
    """Why a phone must stop ringing."""

    ANSWERED_ELSEWHERE = "answeredElsewhere"
    DECLINED_ELSEWHERE = "declinedElsewhere"
    CALLER_HUNG_UP = "callerHungUp"
    ENDED = "ended"


_TITLES = {
    Reason.ANSWERED_ELSEWHERE: "Answered on another device",
    Reason.DECLINED_ELSEWHERE: "Declined on another device",
    Reason.CALLER_HUNG_UP: "Missed call",
    Reason.ENDED: "Call ended",
}


class Invited(NamedTuple):
    """The invite that a device took."""

    push_id: str
    call_uuid: str


@dataclass(frozen=True, slots=True)
class Cancel:
    """The end of a ringing call for its callee (`subscriber_name`); `call` is the call's id (pushes/ringing.py).

    `at` is when it ended, `accepted_at` when we learned of it, `until` the end of the ring time, all in milliseconds.
    `by` is the phone that answered, declined or hung up, where one is named: it gets no message. `devices` are given
    where they are about to be removed. Without `whole` the call ends for these alone. Delivery adds `invites`, by the
    key of the device.
    """

    account: str
    subscriber_name: str
    call: str
    reason: Reason
    at: int
    accepted_at: int
    until: int
    push_id: str
    by: str | None = None
    devices: tuple[Device, ...] = ()
    whole: bool = True
    invites: Mapping[str, Invited] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """A hash that is the same for all that ends the call, so that a device is told once."""
        parts = (TYPE, self.account, self.subscriber_name, self.call)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    @property
    def title(self) -> str:
        """What an iPhone shows in place of the incoming call."""
        return _TITLES[self.reason]

    @property
    def type(self) -> str:
        """The kind of message, as apps and logs name it."""
        return TYPE

    def known_until(self, ring_ms: int) -> int:  # noqa: ARG002 - as Push
        """Return until when a repetition is not sent to a device again, in milliseconds."""
        return self.until

    def sent_until(self, ring_ms: int) -> int:  # noqa: ARG002 - as Push
        """Return until when a device is told: a phone that has stopped ringing is left alone."""
        return self.until

    def queued(self) -> dict[str, object]:
        """Return what its message in the PushQueue has beside that of every push."""
        fields = {"type": TYPE, "call": self.call, "reason": self.reason, "at": self.at, "until": self.until}
        devices = [_described(device) for device in self.devices]
        return {**fields, "by": self.by, "devices": devices, "whole": self.whole}

    def data(self, device: Device) -> dict[str, str]:
        """Return the message's data for the device, all strings; without a payload, so the SDK does not ring."""
        invited = self.invites[device.key]
        return {
            "type": TYPE,
            "pushId": invited.push_id,
            "callUuid": invited.call_uuid,
            "subscriberName": self.subscriber_name,
            "reason": self.reason,
            "at": str(self.at),
        }


def _described(device: Device) -> dict[str, object]:
    """Return what a send to the device needs."""
    return {
        "token": device.token,
        "tokenType": device.token_type,
        "registeredAt": device.registered_at,
        "platform": device.platform,
        "environment": device.environment,
        "bundleId": device.bundle_id,
    }


def cancel_of(call: RingingCall, reason: Reason, now_ms: int, by: str | None = None) -> Cancel:
    """Return the end of the call."""
    push_id = next(iter(call.pushes), f"cancel-{call.call_sid}")
    return Cancel(call.account, call.callee, call.id, reason, now_ms, now_ms, call.until, push_id, by)
