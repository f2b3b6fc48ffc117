"""Find the calls that ring now: by caller, by CallSid, by callee, without the timeline (docs/decisions/0070)."""

from collections.abc import Sequence
from dataclasses import dataclass

from switchboard.calls.ports import DialAnswers
from switchboard.foundation.clock import Clock
from switchboard.pushes.ports import RingingCalls
from switchboard.pushes.ringing import PUSHED_WITHIN_MS, RingingCall, ringing_id
from switchboard.subscribers.status import possible_name

MOST = 25  # calls of one callee at a time


@dataclass(frozen=True, slots=True)
class FindRinging:
    """Finds ringing calls. `ring_ms` is how long a phone rings."""

    calls: RingingCalls
    answers: DialAnswers
    clock: Clock
    ring_ms: int

    def by_caller(
        self, account: str, caller: str, call_sid: str | None = None, *, before: int | None = None
    ) -> RingingCall | None:
        """Return the call that Dial Whom answered for the caller, by two reads; None if it cannot ring any more.

        Without pushes the call is one whose push has not come yet. Without `call_sid` it is the earliest of the calls
        that may still ring, as the report that a call ended can come after its caller has dialled again, and one that
        Dial Whom answered `before` that time (milliseconds).
        """
        if not possible_name(caller):
            return None
        begun_since = self.begun_since()
        answers = [one for one in self.answers.answers(account, caller) if one.at >= begun_since]
        if call_sid is None and before is not None:
            answers = [one for one in answers if one.at <= before]
        dialled = next((one for one in reversed(answers) if call_sid in (None, one.call)), None)
        if dialled is None:
            return None
        until = dialled.at + PUSHED_WITHIN_MS + self.ring_ms
        call = RingingCall(account, dialled.callee, ringing_id(dialled.at, dialled.call), until, caller)
        return self.calls.find(call) or call

    def of_callee(self, account: str, callee: str) -> Sequence[RingingCall]:
        """Return the callee's calls that may still ring, newest first, by one query: the MOST newest."""
        return self.calls.of(account, callee, self.begun_since(), MOST) if possible_name(callee) else ()

    def begun_since(self) -> int:
        """Return since when a call that may still ring has begun, in milliseconds."""
        return int(self.clock() * 1000) - PUSHED_WITHIN_MS - self.ring_ms
