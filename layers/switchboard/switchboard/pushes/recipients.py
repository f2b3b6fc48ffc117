"""A push's recipients: the phones that wait for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from switchboard.calls.context import Answered
from switchboard.pushes.missed_call import Pushed
from switchboard.pushes.phones import Phone
from switchboard.pushes.push import Delivery, Lease, Outcome
from switchboard.pushes.ringing import RingingCall
from switchboard.subscribers.subscriber import Device

OVER = Delivery(Outcome.ENDED)


@dataclass(frozen=True, slots=True)
class Recipients:
    """A push and the phones that wait for it; without any, `unsent` says why.

    `dialled` is what Dial Whom answered the caller lately, None if that was not read; `call` the call that rings.
    """

    push: Pushed
    phones: Sequence[Phone]
    unsent: Delivery
    dialled: Sequence[Answered] | None = None
    call: RingingCall | None = None


def waiting_of(phones: Sequence[Sequence[Device]], lease: Lease) -> Sequence[Phone]:
    """Return the phones without the devices that the push is settled for."""
    return [left for phone in phones if (left := tuple(one for one in phone if one.key not in lease.settled))]
