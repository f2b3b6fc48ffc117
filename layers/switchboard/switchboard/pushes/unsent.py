"""The outcome of a push that is sent to no device."""

from switchboard.pushes.push import Delivery, Outcome
from switchboard.subscribers.callee import Callee
from switchboard.subscribers.status import Status


def unsent(callee: Callee) -> Delivery:
    """Return why no device of the callee needed a send."""
    if callee.status is Status.INACTIVE:
        return Delivery(Outcome.SUSPENDED)
    if callee.ringing:
        return Delivery(Outcome.REPEATED)
    reasons = {callee.disabled(device) for device in callee.devices}
    return Delivery(Outcome.NO_DEVICE, ", ".join(sorted(reason for reason in reasons if reason)))
