"""Why a push is sent to none of a callee's devices."""

from switchboard.pushes.push import Delivery, Outcome
from switchboard.subscribers.callee import Callee
from switchboard.subscribers.status import Status


def unsent(callee: Callee) -> Delivery:
    """Return why a push was sent to none of their devices now."""
    if callee.status is Status.INACTIVE:
        return Delivery(Outcome.SUSPENDED)
    if callee.ringing:
        return Delivery(Outcome.REPEATED)
    reasons = {callee.disabled(device) for device in callee.devices}
    return Delivery(Outcome.NO_DEVICE, ", ".join(sorted(reason for reason in reasons if reason)))
