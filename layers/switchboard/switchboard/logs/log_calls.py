"""Finds the call that logs belong to: without a call id in them, the subscriber's newest call, if that is recent."""

from switchboard.timeline.event import Kind, of_app
from switchboard.timeline.ports import Timelines

RECENT_MS = 60 * 60 * 1000
MOST_LOOKED_AT = 5  # calls, since newer ones may have begun after the logs arrived


def call_of_logs(timelines: Timelines, account: str, name: str, at: int) -> str:
    """Return the newest call that began before `at` (milliseconds), if it has an event in the hour before `at`.

    Without one, return the id for the app's events without a call.
    """
    for call in timelines.calls_of(account, name, MOST_LOOKED_AT).calls:
        if (call["started_at"] or 0) * 1000 <= at:
            return call["id"] if _recent(timelines, account, call["id"], at) else of_app(name)
    return of_app(name)


def _recent(timelines: Timelines, account: str, call: str, at: int) -> bool:
    times = [event.at for event in timelines.read(account, call) if event.kind is not Kind.LOGS_UPLOADED]
    return max(times, default=0) >= at - RECENT_MS
