"""What rings now: a call's invites to its callee, so that they can be stopped (docs/decisions/0070)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from switchboard.calls.context import Answered
from switchboard.pushes.push import Push, key_in
from switchboard.subscribers.subscriber import Device

PUSHED_WITHIN_MS = 5_000  # after Dial Whom's answer Exotel sends the push (contract 2.1)


@dataclass(frozen=True, slots=True)
class RingingCall:
    """A call that may ring until `until` (milliseconds); without `pushes` no invite has been sent so far.

    `id` tells when Dial Whom answered the call and its CallSid (ringing_id). `pushes` has the call's UUID by pushId.
    `phones` are the callee's phones (phone_of) that the invites are for.
    """

    account: str
    callee: str
    id: str
    until: int
    caller: str = ""
    pushes: Mapping[str, str] = field(default_factory=dict)
    phones: frozenset[str] = frozenset()

    @property
    def call_sid(self) -> str:
        """The CallSid, or the push's key for a call that Dial Whom does not know."""
        return self.id.partition("#")[2]

    def has_push(self, push_id: str) -> bool:
        """Whether the push with that id, or a repetition of it, is one of the call's invites."""
        return key_in(push_id) in map(key_in, self.pushes)


def ringing_id(at: int, call: str) -> str:
    """Return the id of a call that Dial Whom answered at `at` (milliseconds); ids sort by that time."""
    return f"{at:013d}#{call}"


def id_of(push: Push, dialled: Answered | None) -> str:
    """Return the id of the push's call; a call that Dial Whom does not know has the push's time and key."""
    return ringing_id(push.accepted_at, push.key) if dialled is None else ringing_id(dialled.at, dialled.call)


def phone_of(device: Device) -> str:
    """Return the phone that registered the device, or for an app without a session the device itself."""
    return device.phone or device.key


def phones_of_all(devices: Iterable[Device]) -> frozenset[str]:
    """Return the phones of these devices."""
    return frozenset(map(phone_of, devices))
