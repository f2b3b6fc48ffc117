"""A bound holds up to its limit and not beyond, and what was not measured never holds."""

import pytest

from benchmarks.report.bounds import BOUNDS, Bound, verdicts
from benchmarks.report.figures import Figures

AT_MOST = Bound("init", "DialWhomFunction", "x_boto3", "<=", 0.75, "INIT")
AT_LEAST = Bound("rivals", "fastapi as shipped", "init_x_ours", ">=", 5, "a rival's INIT")
BELOW = Bound("relay", "10 a second", "p50_ms", "<", 100, "the median")


@pytest.mark.parametrize(
    ("bound", "good", "bad"), [(AT_MOST, 0.75, 0.7501), (AT_LEAST, 5, 4.999), (BELOW, 99.9, 100), (AT_MOST, 0, 1e9)]
)
def test_a_bound_holds_up_to_its_limit(bound: Bound, good: float, bad: float) -> None:
    assert bound.holds(good)
    assert not bound.holds(bad)


@pytest.mark.parametrize("bound", [AT_MOST, AT_LEAST, BELOW])
def test_no_bound_holds_for_what_is_no_number(bound: Bound) -> None:
    assert not bound.holds(float("nan"))


def test_a_row_that_was_not_measured_does_not_hold() -> None:
    [verdict] = verdicts({"init": {"AcceptPushFunction": {"x_boto3": 0.1}}}, [AT_MOST])
    assert verdict.value is None
    assert not verdict.good


def test_only_the_bounds_of_what_was_measured_are_judged() -> None:
    figures: Figures = {"init": {"DialWhomFunction": {"x_boto3": 0.5}}}
    [verdict] = verdicts(figures, [AT_MOST, AT_LEAST, BELOW])
    assert (verdict.bound, verdict.value, verdict.good) == (AT_MOST, 0.5, True)


def test_every_figure_is_bound_at_most_once() -> None:
    named = [(bound.part, bound.row, bound.figure) for bound in BOUNDS]
    assert len(named) == len(set(named))
