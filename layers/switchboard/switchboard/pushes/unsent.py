"""The outcome of a push that is sent to no device."""

from collections.abc import Sequence

from switchboard.pushes.phones import Phone
from switchboard.pushes.push import Delivery, Outcome
from switchboard.subscribers.callee import Callee
from switchboard.subscribers.status import Status


def unsent(callee: Callee, phones: Sequence[Phone]) -> Delivery:
    """Return why no device of the callee needed a send; `phones` are those that can take the push."""
    if callee.status is Status.INACTIVE:
        return Delivery(Outcome.SUSPENDED)
    if phones:
        return Delivery(Outcome.REPEATED)
    reasons = {callee.disabled(device) for device in callee.devices}
    return Delivery(Outcome.NO_DEVICE, ", ".join(sorted(reason for reason in reasons if reason)))
