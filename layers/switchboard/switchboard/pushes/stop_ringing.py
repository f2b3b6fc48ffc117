"""Stop the callee's phones when a call is answered, declined or over (docs/decisions/0071)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from switchboard.foundation.clock import Clock
from switchboard.pushes.cancel import Reason, cancel_of
from switchboard.pushes.find_ringing import FindRinging
from switchboard.pushes.invite import uuid_of
from switchboard.pushes.ports import Cancels, RingingCalls
from switchboard.pushes.ringing import RingingCall
from switchboard.subscribers.subscriber import CANCEL, Device, TokenType
from switchboard.timeline.event import Event, Kind
from switchboard.timeline.outcome import CallOutcome, outcome_of
from switchboard.timeline.times import call_is_over, callee_answered

ESTABLISHED, ENDED = "onCallEstablished", "onCallEnded"
_SIGNS = (ESTABLISHED, ENDED)
MOST_REPORTED = 4  # events of one request that may end a call: a phone has one call at a time


type Ending = Literal[AckState.ANSWERED, AckState.DECLINED, AckState.BUSY]


class AckState(StrEnum):
    """What an app says of a call whose push has reached it."""

    RINGING = "ringing"
    ANSWERED = "answered"
    DECLINED = "declined"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class StopRinging:
    """Queues a cancel for each call that ends. Errors of the stores and of the queue are raised.

    No phone gets a cancel once it is known to have answered, nor any phone while one has answered that is not known.
    """

    find: FindRinging
    calls: RingingCalls
    cancels: Cancels
    clock: Clock

    def acknowledged(self, account: str, callee: str, push_id: str, state: Ending, phone: str) -> None:
        """End the call of an accepted push, as the app on `phone` (a phone_key) says."""
        for call in self.find.of_callee(account, callee):
            if not call.has_push(push_id):
                continue
            if state is AckState.ANSWERED:
                self._answered(call, phone)
            else:
                self._ended(call, Reason.DECLINED_ELSEWHERE, phone)

    def reported(self, account: str, name: str, events: Iterable[Event], phone: str) -> None:
        """End the calls that the app of `name` on `phone` reports as established or ended."""
        since = self._now() - self.find.ring_ms
        signs = [event for event in events if event.kind is Kind.SDK_CALLBACK and event.details.get("name") in _SIGNS]
        begun_since = self.find.begun_since()
        talked = {event.call for event in signs if event.details["name"] == ESTABLISHED and event.at < begun_since}
        ends = [event for event in signs if event.at >= since and event.call not in talked]
        incoming = self.find.of_callee(account, name) if ends else ()
        answered = set[str]()  # of which nothing else in this request matters
        for event in sorted(ends, key=lambda event: event.at)[:MOST_REPORTED]:
            mine = next((call for call in incoming if _is_of(event, call)), None)
            call = mine or self._of_caller(event, name)
            if call is None or call.id in answered:
                continue
            if event.details["name"] == ESTABLISHED:
                answered.add(call.id)
                self._answered(call, phone if mine else None)
            else:
                self._ended(call, Reason.ENDED if mine else Reason.CALLER_HUNG_UP, phone if mine else None)

    def told(self, event: Event) -> None:
        """End a call by an event of Exotel."""
        answered = callee_answered(event) or (call_is_over(event) and outcome_of([event]) is CallOutcome.ANSWERED)
        nothing_rings = self._talked_for_long(event) if answered else not call_is_over(event)
        if nothing_rings:
            return
        call = self._of_exotel(event)
        if call is None:
            return
        if answered:
            self._answered(call, None)
        else:
            self._ended(call, _reason(event))

    def gone(self, account: str, callee: str, devices: Sequence[Device]) -> None:
        """End all calls of a callee who was suspended or deleted, and had these devices."""
        self._ended_for(account, callee, [one for one in devices if CANCEL in one.knows], whole=True)

    def logged_out(self, account: str, callee: str, devices: Sequence[Device]) -> None:
        """Stop the phone that had these devices; a VoIP token of a phone that is logged out gets nothing."""
        told = [one for one in devices if CANCEL in one.knows and one.token_type is not TokenType.APNS_VOIP]
        self._ended_for(account, callee, told, whole=False)

    def _ended_for(self, account: str, callee: str, devices: Sequence[Device], *, whole: bool) -> None:
        for call in self.find.of_callee(account, callee) if devices else ():
            if not call.over and not call.answered_somewhere:
                cancel = cancel_of(call, Reason.ENDED, self._now())
                self.cancels.cancel(replace(cancel, devices=tuple(devices), whole=whole))

    def _answered(self, call: RingingCall, phone: str | None) -> None:
        """Note who answered, and tell the others if that is known."""
        by = phone if phone in call.phones else None
        if call.pushes and not call.knowing:
            return
        self.calls.answer(call, by)
        if by is not None and not call.over and call.knowing - {by}:
            self.cancels.cancel(cancel_of(call, Reason.ANSWERED_ELSEWHERE, self._now(), by))

    def _ended(self, call: RingingCall, reason: Reason, phone: str | None = None) -> None:
        """Tell the phones that still ring. A call whose push has not come yet never rings."""
        by = phone if phone in call.phones else None
        nobody = call.pushes and not call.knowing - call.spared - {by}
        if not (nobody or call.over or call.answered_somewhere):
            self.cancels.cancel(cancel_of(call, reason, self._now(), by))

    def _of_caller(self, event: Event, name: str) -> RingingCall | None:
        """Return the call of an event of its caller's app; one with a pushId is of a callee's."""
        if "push_id" in event.details:
            return None
        return self.find.by_caller(event.account, name, _call_sid(event), before=event.at)

    def _of_exotel(self, event: Event) -> RingingCall | None:
        caller, callee = event.details.get("caller"), event.details.get("callee")
        found = self.find.by_caller(event.account, caller, event.call) if isinstance(caller, str) else None
        if found or not isinstance(callee, str):
            return found
        return next((one for one in self.find.of_callee(event.account, callee) if one.call_sid == event.call), None)

    def _talked_for_long(self, event: Event) -> bool:
        """Whether the parties of an answered call have talked for so long that no phone rings any more."""
        talked = event.details.get("duration_s")
        return isinstance(talked, int | float) and self._now() - talked * 1000 < self.find.begun_since()

    def _now(self) -> int:
        return int(self.clock() * 1000)


def _is_of(event: Event, call: RingingCall) -> bool:
    """Whether an event of the callee's app is of this call, by any of its ids."""
    push_id, session = event.details.get("push_id"), event.details.get("session_id")
    if isinstance(push_id, str) and call.has_push(push_id):
        return True
    if isinstance(session, str) and uuid_of(call.account, call.callee, session) in call.pushes.values():
        return True
    return event.call == call.call_sid


def _call_sid(event: Event) -> str | None:
    """Return the CallSid in an app's event; its id may also be the pushId or the SDK's session id."""
    others = (event.details.get("push_id"), event.details.get("session_id"))
    return None if event.call in others else event.call


def _reason(event: Event) -> Reason:
    hung_up = event.details.get("call_type") == "client-hangup" or event.details.get("dial_status") == "canceled"
    return Reason.CALLER_HUNG_UP if hung_up else Reason.ENDED
