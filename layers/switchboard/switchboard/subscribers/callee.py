"""Whom a push is for, and which of their phones it is sent to."""

from collections.abc import Sequence
from dataclasses import dataclass

from switchboard.subscribers.status import Status
from switchboard.subscribers.subscriber import Device

SESSIONS_ENDED = "sessions-ended"  # by a new password or a suspension: the phone rings again once it registers anew


@dataclass(frozen=True, slots=True)
class Callee:
    """A subscriber as a push finds them, all read at one moment; without `status` there is no such subscriber."""

    status: Status | None
    session_version: str
    devices: Sequence[Device]

    def disabled(self, device: Device) -> str | None:
        """Return why nothing is sent to one of the devices until it is registered anew; None where it rings."""
        if device.disabled_reason is None and device.session_version != self.session_version:
            return SESSIONS_ENDED
        return device.disabled_reason

    @property
    def ringing(self) -> Sequence[Device]:
        """The devices that a push is sent to."""
        callable_now = self.status is Status.ACTIVE
        return [device for device in self.devices if callable_now and self.disabled(device) is None]
