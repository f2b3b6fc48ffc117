import json

import pytest

from switchboard.timeline.event import Event, Kind
from switchboard.timeline.metrics import count_events


def test_events_are_counted_and_the_lag_is_of_those_that_our_own_clock_timed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    events = [Event("demo1m", "c1", Kind.DIAL_WHOM, 1_000), Event("demo1m", "c1", Kind.SDK_CALLBACK, 9_000_000)]
    count_events(events, 1_250)
    line = json.loads(capsys.readouterr().out)
    assert (line["TimelineEvent"], line["TimelineLag"]) == ([2.0], [250.0])
