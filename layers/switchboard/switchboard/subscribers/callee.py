"""The callee of a push, and the devices that it is sent to."""

from collections.abc import Sequence
from dataclasses import dataclass

from switchboard.subscribers.status import Status
from switchboard.subscribers.subscriber import Device

SESSIONS_ENDED = "sessions-ended"  # by a new password or a suspension, until the phone registers again


@dataclass(frozen=True, slots=True)
class Callee:
    """A subscriber with all devices, from one consistent read; `status` is None for an unknown subscriber."""

    status: Status | None
    session_version: str
    devices: Sequence[Device]

    def disabled(self, device: Device) -> str | None:
        """Return why the device is disabled until it is registered again, or None if it is not."""
        if device.disabled_reason is None and device.session_version != self.session_version:
            return SESSIONS_ENDED
        return device.disabled_reason

    @property
    def ringing(self) -> Sequence[Device]:
        """The devices that a push is sent to."""
        callable_now = self.status is Status.ACTIVE
        return [device for device in self.devices if callable_now and self.disabled(device) is None]
