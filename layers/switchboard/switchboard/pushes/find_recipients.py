"""Find whom a push goes to."""

from dataclasses import dataclass

from switchboard.pushes.cancel import Cancel
from switchboard.pushes.find_cancelled import FindCancelled
from switchboard.pushes.find_invited import FindInvited
from switchboard.pushes.missed_call import Pushed
from switchboard.pushes.phones import phones_of
from switchboard.pushes.push import Lease, Push
from switchboard.pushes.recipients import OVER, Recipients, waiting_of
from switchboard.pushes.unsent import unsent
from switchboard.subscribers.ports import Devices


@dataclass(frozen=True, slots=True)
class FindRecipients:
    """Finds whom a push goes to."""

    devices: Devices
    invited: FindInvited
    cancelled: FindCancelled

    def __call__(self, push: Pushed, lease: Lease, now_ms: int) -> Recipients:
        """Return the phones that wait for the push. Errors of the stores are raised."""
        match push:
            case Push() if lease.over:
                return self.invited.over(push) if lease.settled else Recipients(push, (), OVER)
            case Push():
                return self.invited(push, lease)
            case Cancel():
                return self.cancelled(push, lease, now_ms)
        callee = self.devices.callee(push.account, push.subscriber_name)
        phones = phones_of(callee.ringing, push)
        return Recipients(push, waiting_of(phones, lease), unsent(callee, phones))
