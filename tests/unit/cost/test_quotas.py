"""The simulation of bursts: no call is lost in it, each limit works, and a higher limit never makes it worse."""

import math
from dataclasses import replace

import pytest

from benchmarks.cost.call import Call
from benchmarks.cost.measuring.units import Taken
from benchmarks.quotas.arrivals import burst
from benchmarks.quotas.backlogs import Backlog
from benchmarks.quotas.demand import Brought, Demand, demand
from benchmarks.quotas.deployments import deployments, usual
from benchmarks.quotas.limits import NONE, Limits
from benchmarks.quotas.outcome import Outcome
from benchmarks.quotas.results import TOLERATED
from benchmarks.quotas.simulation import simulate
from benchmarks.quotas.throttles import Bucket, Environments, Tables, blocked


@pytest.fixture(scope="module")
def asked() -> Demand:
    return demand()


def ends(outcome: Outcome) -> float:
    lost = outcome.not_connected + outcome.refused + outcome.stale + outcome.over_quota
    return lost + outcome.rang + outcome.waiting


@pytest.mark.parametrize(
    ("number", "rate"),
    [(0, 3), (1, 300), *(pytest.param(*one, marks=pytest.mark.long) for one in ((2, 900), (3, 9_000)))],
)
def test_every_call_has_one_end(asked: Demand, number: int, rate: float) -> None:
    outcome = simulate(burst(rate), deployments()[number].limits, asked)
    assert ends(outcome) == pytest.approx(outcome.calls)
    assert 0 < outcome.rang < outcome.calls


def test_a_flood_of_reports_takes_nothing_from_what_makes_phones_ring() -> None:
    reports = demand(replace(Call(), apps=150))
    limits = Limits(api_rate=1_200, api_burst=2_400, report_rate=100, report_burst=200, concurrency=1_000, shards=4)
    assert simulate(burst(100), limits, reports).missed < 0.01
    without = replace(limits, report_rate=NONE, report_burst=NONE)  # 15,000 of them a second
    assert simulate(burst(100), without, reports).missed > 0.01


def test_the_defaults_ring_110_calls_a_second_in_a_usual_account(asked: Demand) -> None:
    account = deployments()[1].limits
    assert simulate(burst(110), account, asked).missed <= TOLERATED
    assert (account.report_rate, account.report_burst) == (100, 200)


def test_without_limits_every_phone_rings_and_every_history_follows(asked: Demand) -> None:
    outcome = simulate(burst(500), Limits(), asked)
    assert outcome.rang == pytest.approx(outcome.calls)
    assert outcome.behind == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("field", "less", "more"),
    [
        ("concurrency", 200, 1_000),
        ("api_rate", 500, 2_000),
        ("fcm_a_minute", 1_000, 20_000),
        pytest.param("table_writes", 400, 1_000, marks=pytest.mark.long),
        pytest.param("table_reads", 400, 1_000, marks=pytest.mark.long),
    ],
)
def test_more_room_rings_more_phones(asked: Demand, field: str, less: float, more: float) -> None:
    burst_limit = {"api_burst": 1_000} if field == "api_rate" else {}
    limits = [Limits(**{field: value, **burst_limit}) for value in (less, more)]
    few, many = (simulate(burst(400), one, asked).rang for one in limits)
    assert few < many


def test_however_short_they_are_lambda_takes_ten_requests_a_second_for_each_execution(asked: Demand) -> None:
    short = replace(
        asked,
        requests=tuple(replace(one, seconds=1e-6) for one in asked.requests),
        pushes=replace(asked.pushes, wait=1e-6, each=1e-6),
        streams=tuple(replace(one, wait=0, each=1e-6) for one in asked.streams),
    )
    few, enough = (simulate(burst(30), Limits(concurrency=each), short) for each in (30, 150))
    assert few.missed > 0.3  # 30 calls a second make 700 requests
    assert enough.missed < 0.001


@pytest.mark.long
def test_more_calls_miss_more_often(asked: Demand) -> None:
    missed = [simulate(burst(rate), usual(), asked).missed for rate in (20, 60, 200)]
    assert missed == pytest.approx(sorted(missed))


def test_a_slower_queue_rings_phones_too_late_unless_they_ring_for_longer(asked: Demand) -> None:
    slow = replace(asked, pushes=replace(asked.pushes, units={"DeliveriesTable": (40, 0)}))
    limits = Limits(table_writes=4_000)
    short, long = (simulate(burst(300), limits, replace(slow, ring_seconds=s)) for s in (5, 30))
    assert 0 < long.stale < short.stale
    assert short.not_connected == 0


def test_a_calls_table_that_takes_no_more_makes_no_push_wait(asked: Demand) -> None:
    told = {"CallsTable": (10_000, 0)}
    pushes = replace(asked.pushes, units=told), replace(asked.pushes, aside=told)
    held, rang = (simulate(burst(30), Limits(table_writes=4_000), replace(asked, pushes=one)) for one in pushes)
    assert held.missed > 0.5
    assert rang.missed < 0.001


def test_few_shards_hold_up_histories_and_no_phone(asked: Demand) -> None:
    outcome = simulate(burst(200), Limits(shards=1), asked)
    assert outcome.behind > 0.05
    assert outcome.missed < 0.001


def test_a_window_fills_batches_and_a_full_batch_waits_for_none() -> None:
    backlog = Backlog(Brought("worker", 10, wait=0.1, each=0.01, units={}, window=5), at_first=2)
    for step in range(1_000):
        backlog.put(step, 0.4)  # 4 a second
        list(backlog.take(backlog.wanted()))
    assert backlog.batch == pytest.approx(10, rel=0.03)  # of 20 in a window, each of two shards has half
    backlog.put(1_000, 100)
    assert backlog.wanted() == pytest.approx(10)  # 2 side by side, each of 10 in 0.2 s


def test_more_of_a_call_asks_for_more() -> None:
    few, many = demand(Call(events=2, devices=1)), demand(Call(events=5, devices=1.3))
    assert sum(one.times for one in many.requests) - sum(one.times for one in few.requests) == pytest.approx(3.3)
    assert many.pushes.units["DeliveriesTable"][0] - few.pushes.units["DeliveriesTable"][0] == pytest.approx(0.3)


def test_the_same_seed_is_the_same_burst() -> None:
    assert burst(30, seed=7) == burst(30, seed=7) != burst(30, seed=8)
    assert sum(burst(30)) == pytest.approx(60 * 30 * 1.1, rel=0.1)


def test_a_bucket_gives_its_burst_and_then_its_rate() -> None:
    bucket = Bucket(rate=100, burst=50)
    assert bucket.take(100) == 0.5
    assert bucket.take(1) == 0
    bucket.refill(0.1)
    assert bucket.take(20) == 0.5
    bucket.refill(3600)
    assert bucket.take(51) == pytest.approx(50 / 51)


def test_a_job_has_the_share_of_its_scarcest_table() -> None:
    tables = Tables(Limits(table_writes=10, table_reads=NONE))
    jobs: list[tuple[float, Taken]] = [
        (10, {"A": (1, 5)}),
        (10, {"A": (1, 0), "B": (0, 1)}),
        (10, {"B": (0.5, 0)}),
        (1, {}),
    ]
    assert tables.take(jobs) == [0.5, 0.5, 1, 1]


def test_a_function_starts_a_thousand_environments_at_once_and_then_a_hundred_a_second() -> None:
    environments = Environments(Limits(starts=100, starts_at_once=1_000), start_seconds=0.4)
    shares = [environments.shares([("hot", 2_002, 0.1)])["hot"] for _ in range(11)]
    assert shares[0] == pytest.approx(1_001 / 2_002)
    assert shares[10] - shares[0] == pytest.approx(100 / 2_002)


def test_environments_that_start_take_of_the_concurrency_too() -> None:
    cold, warm = (Environments(Limits(concurrency=3_000), start_seconds=s) for s in (0.4, 0))
    for _ in range(2):
        found = [one.shares([("hot", 2_000, 0.1)])["hot"] for one in (cold, warm)]
    assert found == [pytest.approx(3_000 / 3_999), 1]


def test_what_runs_for_longer_than_a_step_is_still_in_the_way_of_what_comes_next() -> None:
    environments = Environments(Limits(concurrency=3_000), start_seconds=0)
    shares = [environments.shares([("slow", number, 0.25)])["slow"] for number in (2_000, 2_000, 0, 0, 2_000)]
    assert shares[:2] == [1, pytest.approx(3_000 / 4_000)]
    assert shares[4] == 1


def test_a_backlog_is_worked_off_in_full_batches_oldest_first() -> None:
    backlog = Backlog(Brought("worker", 10, wait=0.1, each=0.01, units={}), at_first=2, more=10, most=3)
    backlog.put(1, 100)
    backlog.put(2, 1)
    assert [backlog.batch, backlog.wanted()] == pytest.approx([10, 10])  # 2 side by side, each of 10 in 0.2 s
    assert list(backlog.take(100.5)) == [(1, 100), (2, 0.5)]
    backlog.put(3, 100)
    backlog.turn()
    assert backlog.wanted() == pytest.approx(15)  # one more, and never more than 3


def test_requests_find_all_environments_busy_as_often_as_erlang_says() -> None:
    assert blocked(1, 1) == pytest.approx(0.5)
    assert blocked(10, 5) == pytest.approx(0.018385, abs=1e-5)
    assert blocked(5, 0) == blocked(math.inf, 9) == 0
    assert blocked(10_000, 20_000) == pytest.approx(0.5)
