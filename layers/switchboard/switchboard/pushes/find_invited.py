"""Find who is invited to a call, and register the call before it rings (docs/decisions/0070)."""

from collections.abc import Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass

from switchboard.calls.context import Answered
from switchboard.calls.ports import DialAnswers
from switchboard.pushes.invite import call_uuid, invite
from switchboard.pushes.payload import caller_in
from switchboard.pushes.phones import Phone, phone_of, phones_of
from switchboard.pushes.ports import RingingCalls
from switchboard.pushes.push import Lease, Push
from switchboard.pushes.recipients import OVER, Recipients, waiting_of
from switchboard.pushes.ringing import RingingCall, id_of
from switchboard.pushes.unsent import unsent
from switchboard.subscribers.ports import Devices, DisplayNames
from switchboard.subscribers.status import possible_name
from switchboard.subscribers.subscriber import CANCEL
from switchboard.timeline.correlation import Correlation, call_of, fitting


@dataclass(frozen=True, slots=True)
class FindInvited:
    """Finds who is invited to a call, and registers the call, which is about to ring. `names` are the callers'."""

    devices: Devices
    names: DisplayNames
    answers: DialAnswers
    calls: RingingCalls
    executor: Executor
    ring_ms: int

    def __call__(self, push: Push, lease: Lease) -> Recipients:
        """Return the phones without the devices that are settled; none if the call is over. Errors are raised."""
        reading = self.executor.submit(self._dialled, push)
        callee = self.devices.callee(push.account, push.subscriber_name)
        phones = phones_of(callee.ringing, push)
        waiting = waiting_of(phones, lease)
        dialled = reading.result()
        if not waiting:
            return Recipients(push, (), unsent(callee, phones), dialled)
        call = self.calls.register(self._call(push, phones, dialled or ()))
        if call.over:
            return Recipients(push, (), OVER, dialled, call)
        return Recipients(invite(push, self._display_name), waiting, OVER, dialled, call)

    def over(self, push: Push) -> Recipients:
        """Return nobody, and which call it is that ended while the push was sent."""
        dialled = self._dialled(push)
        return Recipients(push, (), OVER, dialled, self._call(push, (), dialled or ()))

    def _dialled(self, push: Push) -> Sequence[Answered] | None:
        """Return what Dial Whom answered the caller. Without it the phones ring, but no event of Exotel stops them."""
        caller = caller_in(push.payload)
        with suppress(Exception):
            return self.answers.answers(push.account, caller) if caller and possible_name(caller) else ()
        return None

    def _call(self, push: Push, phones: Sequence[Phone], dialled: Sequence[Answered]) -> RingingCall:
        found = call_of(fitting(dialled, push.subscriber_name, push.accepted_at, self.ring_ms), push.accepted_at)
        answer = None if isinstance(found, Correlation) else next(one for one in dialled if one.call == found)
        devices = [device for phone in phones for device in phone]
        return RingingCall(
            push.account,
            push.subscriber_name,
            id_of(push, answer),
            push.accepted_at + self.ring_ms,
            caller=caller_in(push.payload) or "",
            pushes={push.push_id: call_uuid(push)},
            phones=frozenset(map(phone_of, devices)),
            knowing=frozenset(phone_of(device) for device in devices if CANCEL in device.knows),
        )

    def _display_name(self, account: str, name: str) -> str | None:
        """Return a caller's display name. If it cannot be read the phones ring with the caller's id."""
        with suppress(Exception):
            return self.names.display_name(account, name) if possible_name(name) else None
        return None
