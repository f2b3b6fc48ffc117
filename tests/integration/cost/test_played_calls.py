"""The functions still do what measured.json has for a call."""

from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks.cost.measuring import steps
from benchmarks.cost.measuring.meter import Work
from benchmarks.cost.measuring.parties import Parties
from benchmarks.cost.measuring.play import player
from benchmarks.cost.usage import measured

CALLS = 2  # one to a callee with one phone, one to a callee with two
NEAR = 0.15  # of the figures: those in the file are means of more calls
BY_CHANCE = "deliver to 2"  # two phones at once: their marks are one write or two, as their answers come


def near(step: str, figure: float) -> Any:
    return pytest.approx(figure, rel=NEAR, abs=2 if step.startswith(BY_CHANCE) else 0)


@pytest.fixture(scope="module")
def played() -> Iterator[dict[str, Work]]:
    with player() as one:
        steps.prepare(Parties(one.deployment), CALLS)
        steps.play_calls(one, CALLS)
        yield one.meter.steps


def test_the_functions_ask_aws_as_often_as_was_measured(played: dict[str, Work]) -> None:
    asked = {name: sum(work.calls.values()) / work.events for name, work in played.items()}
    known = {name: near(name, sum(measured()["steps"][name]["calls"].values())) for name in played}
    assert asked == known, "measure again: make measure-cost cost"


def test_the_functions_read_and_write_as_much_as_was_measured(played: dict[str, Work]) -> None:
    units = {
        f"{name} of {table}": sum(taken) / work.events
        for name, work in played.items()
        for table, taken in work.units.items()
    }
    known = {name: measured()["steps"][name] for name in played}
    assert units == {
        f"{name} of {table}": near(name, sum(taken))
        for name, one in known.items()
        for table, taken in one["units"].items()
    }, "measure again: make measure-cost cost"
    assert {name: work.function for name, work in played.items()} == {n: one["function"] for n, one in known.items()}


def test_the_functions_log_as_much_as_was_measured(played: dict[str, Work]) -> None:
    logged = {name: work.log_bytes / work.events for name, work in played.items()}
    assert logged == pytest.approx({name: measured()["steps"][name]["log_bytes"] for name in played}, rel=NEAR)
