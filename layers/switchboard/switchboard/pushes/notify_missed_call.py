"""Notify the callee's phones of a missed call, and never of an answered one."""

from dataclasses import dataclass

from switchboard.foundation.clock import Clock
from switchboard.pushes.missed_call import NOTIFY_WITHIN_MS, MissedCall
from switchboard.pushes.ports import MissedCalls
from switchboard.timeline.event import Event, Kind
from switchboard.timeline.outcome import CallOutcome, answered_by_apps, outcome_of
from switchboard.timeline.ports import Timelines, TimelineWriter
from switchboard.timeline.summary import summarise

SETTLE_SECONDS = 3  # the call's other events have arrived by then, in any order


def may_be_missed(event: Event) -> bool:
    """Whether a call may have been missed: by a Passthru, which Exotel sends after the Connect applet."""
    return event.details.get("hook") == "passthru" and outcome_of([event]) is CallOutcome.MISSED


@dataclass(frozen=True, slots=True)
class NotifyMissedCall:
    """Decides SETTLE_SECONDS after an event that may_be_missed."""

    timelines: Timelines
    writer: TimelineWriter
    missed_calls: MissedCalls
    clock: Clock

    def __call__(self, event: Event) -> None:
        """Queue the notification if the call was missed, then store that; after a failure in between both are repeated.

        Delivery sends a repeated notification to no phone twice. Errors are raised, for a retry.
        """
        now = int(self.clock() * 1000)
        if now >= event.at + NOTIFY_WITHIN_MS:
            return
        events = self.timelines.read(event.account, event.call)
        call = summarise(events)
        if call.outcome is not CallOutcome.MISSED or answered_by_apps(events) or not (call.caller and call.callee):
            return
        if any(event.kind is Kind.MISSED_CALL_NOTIFIED for event in events):
            return
        at = call.started_at or event.at
        push_id = f"missed-{event.call}"
        self.missed_calls.notify(MissedCall(event.account, call.callee, call.caller, event.call, at, push_id, now))
        self.writer.put([Event(event.account, event.call, Kind.MISSED_CALL_NOTIFIED, now, call.callee)])
