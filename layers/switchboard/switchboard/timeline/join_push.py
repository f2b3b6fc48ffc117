"""Store a push's events under its call, which Dial Whom's last answers to the caller tell."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from switchboard.calls.context import Answered
from switchboard.calls.ports import DialAnswers
from switchboard.timeline.correlation import Correlation, call_of, fitting
from switchboard.timeline.entry import Entry
from switchboard.timeline.event import Event, Kind
from switchboard.timeline.ports import Entries


@dataclass(frozen=True, slots=True)
class JoinPush:
    """Stores the events of one push. `ring_ms` is how long a call rings, in milliseconds.

    Dial Whom's answer is stored before Exotel gets it, so it is known before the push comes.
    """

    entries: Entries
    answers: DialAnswers
    ring_ms: int

    def __call__(self, events: Sequence[Event], dialled: Sequence[Answered] | None = None) -> str | None:
        """Store the events, of which one is that the push was accepted; return the CallSid, or None without a call.

        `dialled` are Dial Whom's answers to the caller, read here if None. Repeating it has the same result, also after
        another call of the same parties.
        """
        push = next(event for event in events if event.kind is Kind.PUSH_ACCEPTED)
        found = self._call_of(push, dialled)
        if isinstance(found, Correlation):
            self._put(push, push.call, [*events, _mark(push, found)])
            return None
        call_sid = self.entries.point(push.account, push.call, found)
        joined = replace(push, details={**push.details, "call_sid": call_sid})
        self._put(push, call_sid, [joined if event is push else event for event in events])
        return call_sid

    def _call_of(self, push: Event, dialled: Sequence[Answered] | None) -> str | Correlation:
        caller, callee = push.details.get("caller"), push.subscriber
        if not isinstance(caller, str) or callee is None:
            return Correlation.UNMATCHED
        answers = self.answers.answers(push.account, caller) if dialled is None else dialled
        fit = fitting(answers, callee, push.at, self.ring_ms)
        return call_of(fit, push.at, self._same(push, [answer.call for answer in fit]))

    def _same(self, push: Event, calls: Sequence[str]) -> Sequence[str]:
        """Return the calls that have got this push before; with a single call there is no need to look."""
        sent = push.details.get("push_key")
        if len(calls) < 2 or not isinstance(sent, str):
            return ()
        return [call for call in calls if self.entries.has_push(push.account, call, sent)]

    def _put(self, push: Event, call: str, events: Sequence[Event]) -> None:
        self.entries.put([Entry(push.account, call, None, events)])


def _mark(push: Event, correlation: Correlation) -> Event:
    """Return the event that no call was found for the push; its key is the same at each repetition."""
    details = {"push_id": push.call, "correlation": correlation}
    return Event(push.account, push.call, Kind.PUSH_CORRELATION, push.at + 1, push.subscriber, details)
