"""A rival's overhead against ours, also where ours is none."""

import pytest

from benchmarks.rivals_part import overhead_ratio


@pytest.mark.parametrize(
    ("theirs", "ours", "ratio"),
    [
        (16.0, 12.0, 3.0),
        (16.0, 10.0, 60.0),  # nothing above the calls: as if it were a hundredth of them
        (16.0, 8.0, 60.0),  # less than the calls: no better than nothing, and no negative ratio
        (9.0, 12.0, -0.5),  # a rival that is better than the calls loses nothing by it
    ],
)
def test_an_overhead_is_above_the_calls_alone(theirs: float, ours: float, ratio: float) -> None:
    assert overhead_ratio(theirs, ours, calls=10.0) == pytest.approx(ratio)
