"""How many events about calls are written down, and how far behind the calls."""

from collections.abc import Sequence

from switchboard.runtime import metrics
from switchboard.timeline.event import Event, Kind

# The times of others' events come from others' clocks.
_OURS = (Kind.DIAL_WHOM, Kind.PUSH_ACCEPTED, Kind.PUSH_SENT, Kind.PUSH_ENDED)


def count_events(events: Sequence[Event], now_ms: float) -> None:
    """Count events that have been written down for the first time."""
    lags = [now_ms - event.at for event in events if event.kind in _OURS]
    metrics.emit({metrics.TIMELINE_EVENT: len(events), metrics.TIMELINE_LAG: lags})
