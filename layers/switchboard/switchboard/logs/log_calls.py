"""Finds the call that logs belong to: without a call id in them, the subscriber's newest call, if that is recent."""

from switchboard.timeline.event import Kind, of_app
from switchboard.timeline.ports import Timelines

RECENT_MS = 60 * 60 * 1000
MOST_LOOKED_AT = 5  # calls, since newer ones may have begun after the logs arrived


def call_of_logs(timelines: Timelines, account: str, name: str, at: int) -> str:
    """Return the newest call that began before `at` (milliseconds) and has an event in the hour before `at`.

    Without one, return the id for the app's events without a call.
    """
    apart = of_app(name)
    for call in timelines.calls_of(account, name, MOST_LOOKED_AT).calls:
        times = [event.at for event in timelines.read(account, call) if event.kind is not Kind.LOGS_UPLOADED]
        if call == apart or not times or min(times) > at:
            continue
        return call if max(times) >= at - RECENT_MS else apart
    return apart
