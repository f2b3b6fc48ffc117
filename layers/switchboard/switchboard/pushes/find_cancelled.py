"""End a call, and find the devices that must stop ringing (docs/decisions/0071)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from switchboard.pushes.cancel import Cancel, Invited, Reason
from switchboard.pushes.phones import ringing_elsewhere
from switchboard.pushes.ports import AcceptedPushes, Deliveries, RingingCalls
from switchboard.pushes.push import Lease, key_in
from switchboard.pushes.recipients import OVER, Recipients, waiting_of
from switchboard.pushes.ringing import RingingCall
from switchboard.subscribers.ports import Devices

MOST_PUSHES = 10  # of one call that are stopped; Exotel sends one, and repeats it where we were down


@dataclass(frozen=True, slots=True)
class FindCancelled:
    """Ends a call, and finds the devices that took its invites and must stop ringing."""

    devices: Devices
    deliveries: Deliveries
    accepted: AcceptedPushes
    calls: RingingCalls

    def __call__(self, cancel: Cancel, lease: Lease, now_ms: int) -> Recipients:
        """Return the devices that have not been told. Errors of the stores are raised."""
        call = self._call(cancel)
        if call is None:
            return Recipients(cancel, (), OVER)
        invites = dict(self._invites(call, stop=cancel.whole, now=now_ms // 1000))
        known = cancel.devices or (self.devices.callee(call.account, call.callee).devices if invites else ())
        told = ringing_elsewhere(known, invites, call.spared)
        told_why = replace(cancel, invites=invites, reason=Reason(call.over) if call.over else cancel.reason)
        return Recipients(told_why, waiting_of([(one,) for one in told], lease), OVER, call=call)

    def _call(self, cancel: Cancel) -> RingingCall | None:
        ending = RingingCall(cancel.account, cancel.subscriber_name, cancel.call, cancel.until)
        if not cancel.whole:
            return self.calls.find(ending)
        answered = cancel.reason is Reason.ANSWERED_ELSEWHERE
        return self.calls.end(ending, cancel.reason, cancel.by, answered=answered)

    def _invites(self, call: RingingCall, *, stop: bool, now: int) -> Iterator[tuple[str, Invited]]:
        """Yield the devices that took an invite, and which one; with `stop` no further device gets one."""
        once = {key_in(push_id): Invited(push_id, call_uuid) for push_id, call_uuid in call.pushes.items()}
        for invited in list(once.values())[:MOST_PUSHES]:
            where = (call.account, call.callee, invited.push_id)
            if stop:
                took = self.deliveries.stop(*where)
            else:
                push = self.accepted.find(*where, now)
                took = push.devices if push else ()
            yield from ((device, invited) for device in took)
