"""Which call logs are about: nobody says, so it is the subscriber's newest one, unless that is long past."""

from switchboard.timeline.event import Kind, of_app
from switchboard.timeline.ports import Timelines

RECENT_MS = 60 * 60 * 1000
MOST_LOOKED_AT = 5  # calls: newer ones may have begun since the logs came


def call_of_logs(timelines: Timelines, account: str, name: str, at: int) -> str:
    """Return the newest call that had begun by `at` (milliseconds) and was under way within the hour before.

    Without one, it is the id under which the app's events of no call are kept.
    """
    apart = of_app(name)
    for call in timelines.calls_of(account, name, MOST_LOOKED_AT).calls:
        times = [event.at for event in timelines.read(account, call) if event.kind is not Kind.LOGS_UPLOADED]
        if call == apart or not times or min(times) > at:
            continue
        return call if max(times) >= at - RECENT_MS else apart
    return apart
