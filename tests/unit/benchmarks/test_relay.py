"""A percentile is one of the values that were seen; what did not arrive is lost and not fast."""

import pytest

from benchmarks.parts.relay import percentile, row


@pytest.mark.parametrize(("percent", "value"), [(50, 50), (99, 99), (100, 100), (1, 1), (0, 1)])
def test_a_percentile_of_a_hundred_is_the_value_of_that_rank(percent: float, value: int) -> None:
    assert percentile(list(range(1, 101)), percent) == value


def test_the_99th_percentile_of_a_few_is_the_largest() -> None:
    assert percentile([1.0, 2.0, 3.0], 99) == 3.0


def test_where_nothing_arrives_all_is_lost_and_no_time_is_made_up() -> None:
    assert row({"a": 1000.0}, {"another": [1030]}) == {"pushes": 1, "lost": 1, "repeated": 0}


def test_lost_and_repeated_pushes_are_counted() -> None:
    sent = {"a": 1000.0, "b": 1010.0, "c": 1020.0}
    figures = row(sent, {"a": [1030], "b": [1050, 1060], "of the rate before": [900]})
    assert (figures["pushes"], figures["lost"], figures["repeated"]) == (3, 1, 1)
    assert (figures["p50_ms"], figures["p99_ms"]) == (30, 40)
