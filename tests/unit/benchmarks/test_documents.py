"""What a run writes for people: tables in Markdown."""

from benchmarks.report.bounds import Bound, Verdict
from benchmarks.report.document import bounds_table, part_table


def test_a_row_without_a_figure_has_a_dash() -> None:
    rows = {"1 device": {"push_ms": 51.2}, "10 devices": {"push_ms": 69.9, "x_one_device": 1.365}}
    assert part_table("pushes", rows).splitlines() == [
        "| pushes | push ms | x one device |",
        "| --- | --: | --: |",
        "| 1 device | 51.2 | - |",
        "| 10 devices | 69.9 | 1.36 |",
    ]


def test_a_bound_that_does_not_hold_stands_out() -> None:
    bound = Bound("pushes", "10 devices", "x_one_device", "<=", 1.5, "10 devices against one")
    assert "| 10 devices against one | <= 1.5 | 1.6 | **does not hold** |" in bounds_table([Verdict(bound, 1.6)])
