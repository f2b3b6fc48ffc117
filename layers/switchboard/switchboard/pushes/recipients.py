"""Whom a push goes to: the phones that can take it, and for a call what they are told beside Exotel's data."""

from collections.abc import Collection, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass

from switchboard.calls.context import Answered
from switchboard.calls.ports import DialAnswers
from switchboard.pushes.invite import call_uuid, invite
from switchboard.pushes.missed_call import Pushed
from switchboard.pushes.payload import caller_in
from switchboard.pushes.phones import Phone, phones_of
from switchboard.pushes.ports import RingingCalls
from switchboard.pushes.push import Delivery, Push
from switchboard.pushes.ringing import RingingCall, id_of, phones_of_all
from switchboard.pushes.unsent import unsent
from switchboard.subscribers.ports import Devices, DisplayNames
from switchboard.subscribers.status import possible_name
from switchboard.timeline.correlation import Correlation, call_of, fitting


@dataclass(frozen=True, slots=True)
class Recipients:
    """A push and the phones that wait for it; without any, `unsent` says why.

    `dialled` is what Dial Whom answered the caller lately, None if that was not read.
    """

    push: Pushed
    phones: Sequence[Phone]
    unsent: Delivery
    dialled: Sequence[Answered] | None = None


@dataclass(frozen=True, slots=True)
class FindRecipients:
    """Finds a push's recipients, and registers a call that is about to ring. `names` are the callers'."""

    devices: Devices
    names: DisplayNames
    answers: DialAnswers
    calls: RingingCalls
    executor: Executor
    ring_ms: int

    def __call__(self, push: Pushed, settled: Collection[str]) -> Recipients:
        """Return the phones without the devices that are settled. Errors of the stores are raised."""
        answers = self.executor.submit(self._dialled, push) if isinstance(push, Push) else None
        callee = self.devices.callee(push.account, push.subscriber_name)
        phones = phones_of(callee.ringing, push)
        waiting = [left for phone in phones if (left := tuple(one for one in phone if one.key not in settled))]
        dialled = answers.result() if answers else None
        if not waiting or not isinstance(push, Push):
            return Recipients(push, waiting, unsent(callee, phones), dialled)
        self.calls.register(self._call(push, phones, dialled or ()))
        return Recipients(invite(push, self._display_name), waiting, unsent(callee, phones), dialled)

    def _dialled(self, push: Push) -> Sequence[Answered] | None:
        """Return what Dial Whom answered the caller. Without it the phones ring, but no event of Exotel stops them."""
        caller = caller_in(push.payload)
        with suppress(Exception):
            return self.answers.answers(push.account, caller) if caller and possible_name(caller) else ()
        return None

    def _call(self, push: Push, phones: Sequence[Phone], dialled: Sequence[Answered]) -> RingingCall:
        found = call_of(fitting(dialled, push.subscriber_name, push.accepted_at, self.ring_ms), push.accepted_at)
        answer = None if isinstance(found, Correlation) else next(one for one in dialled if one.call == found)
        return RingingCall(
            push.account,
            push.subscriber_name,
            id_of(push, answer),
            push.accepted_at + self.ring_ms,
            caller=caller_in(push.payload) or "",
            pushes={push.push_id: call_uuid(push)},
            phones=phones_of_all(device for phone in phones for device in phone),
        )

    def _display_name(self, account: str, name: str) -> str | None:
        """Return a caller's display name. If it cannot be read the phones ring with the caller's id."""
        with suppress(Exception):
            return self.names.display_name(account, name) if possible_name(name) else None
        return None
