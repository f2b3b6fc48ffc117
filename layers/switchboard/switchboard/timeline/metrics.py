"""How many facts about calls are written down, and how far behind the calls."""

from collections.abc import Sequence

from switchboard.runtime import metrics
from switchboard.timeline.event import Event, Kind

# The times of others' facts come from others' clocks.
_OURS = (Kind.DIAL_WHOM, Kind.PUSH_ACCEPTED, Kind.PUSH_SENT, Kind.PUSH_ENDED)


def count_facts(facts: Sequence[Event], now_ms: float) -> None:
    """Count facts that have been written down for the first time."""
    lags = [now_ms - fact.at for fact in facts if fact.kind in _OURS]
    metrics.emit({metrics.TIMELINE_FACT: len(facts), metrics.TIMELINE_LAG: lags})
