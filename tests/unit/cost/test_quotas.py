"""The simulation of bursts: nothing gets lost in it, and more room never makes it worse."""

import math
from dataclasses import replace

import pytest

from benchmarks.quotas.arrivals import burst
from benchmarks.quotas.demand import Demand, demand
from benchmarks.quotas.limits import Limits, deployments, usual
from benchmarks.quotas.parts import blocked
from benchmarks.quotas.simulation import Outcome, simulate


@pytest.fixture(scope="module")
def asked() -> Demand:
    return demand()


def ends(outcome: Outcome) -> float:
    lost = outcome.not_connected + outcome.refused + outcome.stale + outcome.over_quota
    return lost + outcome.rang + outcome.waiting


@pytest.mark.parametrize("name", deployments())
@pytest.mark.parametrize("rate", [0.7, 90, 3_000])
def test_every_call_has_one_end(asked: Demand, name: str, rate: float) -> None:
    outcome = simulate(burst(rate), deployments()[name], asked)
    assert ends(outcome) == pytest.approx(outcome.calls)
    assert outcome.calls > 0


def test_without_limits_every_phone_rings(asked: Demand) -> None:
    outcome = simulate(burst(500), Limits(), asked)
    assert outcome.rang == pytest.approx(outcome.calls)
    assert outcome.wait(1.0) < 1


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("concurrency", (50, 200, 1_000)),
        ("api_rate", (500, 2_000, 20_000)),
        ("starts", (1, 10, 1_000)),
        ("table_writes", (400, 1_000, 4_000)),
        ("fcm_a_minute", (1_000, 20_000, 600_000)),
    ],
)
def test_more_room_never_rings_fewer_phones(asked: Demand, field: str, values: tuple[float, ...]) -> None:
    burst_limit = {"api_burst": 1_000} if field == "api_rate" else {}
    limits = [Limits(**{field: value, **burst_limit}) for value in values]
    rang = [round(simulate(burst(400), one, asked).rang, 3) for one in limits]
    assert rang == sorted(rang)
    assert rang[0] < rang[-1]


def test_more_calls_miss_more_often(asked: Demand) -> None:
    missed = [simulate(burst(rate), usual(), asked).missed for rate in (20, 60, 200)]
    assert missed == sorted(missed)


def test_a_queue_that_is_slower_than_the_calls_rings_late_but_never_after_the_ring_time(asked: Demand) -> None:
    outcome = simulate(burst(400), Limits(table_writes=400), asked)
    assert outcome.stale > 0
    assert outcome.wait(1.0) <= asked.ring_seconds + asked.batch_seconds(10)


def test_a_longer_ring_time_forgives_more(asked: Demand) -> None:
    slow = Limits(table_writes=400)
    short, long = (simulate(burst(300), slow, replace(asked, ring_seconds=s)).stale for s in (5, 30))
    assert long < short


def test_the_same_seed_is_the_same_burst() -> None:
    assert burst(30, seed=7) == burst(30, seed=7) != burst(30, seed=8)
    assert sum(burst(30)) == pytest.approx(60 * 30 * 1.1, rel=0.1)


def test_requests_find_all_environments_busy_as_often_as_erlang_says() -> None:
    assert blocked(1, 1) == pytest.approx(0.5)
    assert blocked(10, 5) == pytest.approx(0.018385, abs=1e-5)
    assert blocked(5, 0) == blocked(math.inf, 9) == 0
    assert blocked(10_000, 20_000) == pytest.approx(0.5)
