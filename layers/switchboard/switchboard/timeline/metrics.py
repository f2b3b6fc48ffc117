"""Counts the stored events, and measures the delay until the histories follow."""

from collections.abc import Sequence

from switchboard.runtime import metrics
from switchboard.timeline.event import Event, Kind

# Events with a time from our own clocks; the lag of others cannot be measured.
_OURS = (Kind.DIAL_WHOM, Kind.PUSH_ACCEPTED, Kind.PUSH_SENT, Kind.PUSH_ENDED)


def count_events(events: Sequence[Event], now_ms: float) -> None:
    """Count events of which the stream of Calls tells."""
    lags = [now_ms - event.at for event in events if event.kind in _OURS]
    metrics.emit({metrics.TIMELINE_EVENT: len(events), metrics.TIMELINE_LAG: lags})
