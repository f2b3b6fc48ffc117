"""Store events, correlate those of one call, and notify callees of missed calls."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from switchboard.foundation.clock import Clock
from switchboard.timeline.correlation import LATER_MS, Candidate, answered_at, call_of, mark, pair_of
from switchboard.timeline.event import OF_APP, Event, Kind
from switchboard.timeline.ports import Timelines
from switchboard.timeline.summary import CallSummary, Correlation, summarise

AGAIN_SECONDS = 10  # between two searches for a push's call; a Dial Whom stored in between links the push itself
_OF_APPS = (Kind.SDK_CALLBACK, Kind.SDK_CDR, Kind.SDK_ERROR, Kind.PUSH_ACKNOWLEDGED, Kind.FEEDBACK)
_OTHER_IDS = ("session_id", "push_id")


@dataclass(frozen=True, slots=True)
class RecordCall:
    """Stores events. `ring_ms` is how long a call rings, in milliseconds.

    `notify_missed` decides for each Exotel event whether to notify the callee's phones of a missed call. It returns the
    seconds after which to call it again, or None once it has decided. Without it no phone is notified.
    """

    timelines: Timelines
    clock: Clock
    ring_ms: int
    notify_missed: Callable[[Event], int | None] | None = None

    def __call__(self, events: Sequence[Event]) -> int | None:
        """Store the events; return the seconds after which to repeat the call with the same events, or None.

        Repeating it has the same result. Errors of the stores are raised.
        """
        for push in (event for event in events if event.kind is Kind.PUSH_ACCEPTED):
            self._link_push(push, self._age(push))  # first: else `add` lists the push as a call of its own
        self.timelines.add(events)
        linked: set[tuple[str, str, str]] = set()  # apps send their ids with every event: one check of each is enough
        waits = [self._settle(event, linked) for event in events]
        return min((wait for wait in waits if wait is not None), default=None)

    def _settle(self, event: Event, linked: set[tuple[str, str, str]]) -> int | None:
        if event.kind is Kind.PUSH_ACCEPTED:
            return self._join(event)
        if event.kind is Kind.DIAL_WHOM:
            self._join_earlier(event)
        if event.kind in _OF_APPS:
            self._link(event, linked)
        if event.kind is Kind.EXOTEL_EVENT and self.notify_missed:
            return self.notify_missed(event)
        return None

    def _join(self, push: Event) -> int | None:
        """Link the push to its call, or store that it has none; return AGAIN_SECONDS while that is open."""
        found = self._link_push(push, self._age(push))
        if isinstance(found, Correlation):
            self.timelines.add([mark(push, found)])
        return AGAIN_SECONDS if found is None else None

    def _link_push(self, push: Event, waited_ms: float) -> str | Correlation | None:
        """Link the push to its call and return that, or why there is none, or None while one may still appear."""
        if known := self._summary(push.account, push.call).call_sid:
            return known
        pair = pair_of(push)
        found = call_of(push, self._candidates(push, pair), waited_ms, self.ring_ms) if pair else Correlation.UNMATCHED
        if found and not isinstance(found, Correlation):
            self.timelines.link(push.account, found, push.call)
        return found

    def _join_earlier(self, dialled: Event) -> None:
        """Link pushes that arrived before Dial Whom's answer was stored; their own search may be over."""
        if pair := pair_of(dialled):
            since, until = dialled.at - LATER_MS, dialled.at + self.ring_ms
            for push in self.timelines.about(dialled.account, Kind.PUSH_ACCEPTED, pair, since, until):
                self._link_push(push, waited_ms=0)

    def _age(self, push: Event) -> float:
        return self.clock() * 1000 - push.at

    def _candidates(self, push: Event, pair: tuple[str, str]) -> Sequence[Candidate]:
        since, until = push.at - self.ring_ms, push.at + LATER_MS
        answers = self.timelines.about(push.account, Kind.DIAL_WHOM, pair, since, until)
        calls = {answer.call: answered_at(answer) for answer in answers}
        return [Candidate(call, at, self._pushes(push.account, call)) for call, at in calls.items()]

    def _pushes(self, account: str, call: str) -> Sequence[Event]:
        return [event for event in self.timelines.read(account, call) if event.kind is Kind.PUSH_ACCEPTED]

    def _link(self, event: Event, linked: set[tuple[str, str, str]]) -> None:
        """Link the ids that an app reports as one call, unless one belongs to a call of other parties."""
        if event.call.startswith(OF_APP):
            return
        for other in {event.details.get(name) for name in _OTHER_IDS} - {event.call}:
            if isinstance(other, str) and other and (event.account, event.call, other) not in linked:
                self._link_two(event, other, linked)

    def _link_two(self, event: Event, other: str, linked: set[tuple[str, str, str]]) -> None:
        events = self.timelines.read(event.account, event.call)
        if not any(event.call == other for event in events):  # else they are one call already
            one, two = summarise(events), self._summary(event.account, other)
            if not _may_link(event.subscriber, one, two):
                return
            self.timelines.link(event.account, event.call, other)
        linked.add((event.account, event.call, other))

    def _summary(self, account: str, call: str) -> CallSummary:
        return summarise(self.timelines.read(account, call))


def _may_link(subscriber: str | None, one: CallSummary, two: CallSummary) -> bool:
    known = {summary.call_sid for summary in (one, two)} - {None}
    return len(known) < 2 and all(_may_belong_to(subscriber, summary) for summary in (one, two))


def _may_belong_to(subscriber: str | None, summary: CallSummary) -> bool:
    """Whether the subscriber is a party of the call, or its parties are unknown."""
    parties = {summary.caller, summary.callee} - {None}
    return not parties or subscriber in parties
