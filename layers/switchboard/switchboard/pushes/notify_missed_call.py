"""Notify the callee's phones of a missed call, and never of an answered one."""

from dataclasses import dataclass

from switchboard.foundation.clock import Clock
from switchboard.pushes.missed_call import NOTIFY_WITHIN_MS, MissedCall
from switchboard.pushes.ports import MissedCalls
from switchboard.timeline.event import Event, Kind
from switchboard.timeline.outcome import CallOutcome
from switchboard.timeline.ports import Timelines
from switchboard.timeline.summary import summarise

SETTLE_SECONDS = 3  # the call's other events have arrived by then, in any order


@dataclass(frozen=True, slots=True)
class NotifyMissedCall:
    """Decides at the Passthru event, which Exotel sends after the Connect applet has ended (contract 2.3)."""

    timelines: Timelines
    missed_calls: MissedCalls
    clock: Clock

    def __call__(self, event: Event) -> int | None:
        """Return the seconds after which to try again, or None once decided. Errors are raised, for a retry."""
        if event.details.get("hook") != "passthru" or summarise([event]).outcome is not CallOutcome.MISSED:
            return None
        now = int(self.clock() * 1000)
        if now < event.at + SETTLE_SECONDS * 1000:
            return SETTLE_SECONDS
        if now < event.at + NOTIFY_WITHIN_MS:
            self._notify(event, now)
        return None

    def _notify(self, event: Event, now: int) -> None:
        """Queue the notification, then store that; after a failure in between both are repeated.

        Delivery sends a repeated notification to no phone twice.
        """
        events = self.timelines.read(event.account, event.call)
        call = summarise(events)
        if call.outcome is not CallOutcome.MISSED or not (call.caller and call.callee):
            return
        if any(event.kind is Kind.MISSED_CALL_NOTIFIED for event in events):
            return
        at = call.started_at or event.at
        push_id = f"missed-{event.call}"
        self.missed_calls.notify(MissedCall(event.account, call.callee, call.caller, event.call, at, push_id, now))
        self.timelines.add([Event(event.account, event.call, Kind.MISSED_CALL_NOTIFIED, now, call.callee)])
