"""What the simulation finds: the calls a second that each quota lets through by itself, and how deployments do."""

import hashlib
import json
import statistics
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.cost import stack
from benchmarks.cost.call import Call
from benchmarks.quotas.arrivals import burst
from benchmarks.quotas.demand import Demand, demand
from benchmarks.quotas.deployments import deployments
from benchmarks.quotas.known import quotas
from benchmarks.quotas.limits import Limits
from benchmarks.quotas.outcome import Outcome
from benchmarks.quotas.simulation import simulate

RESULTS = Path(__file__).with_name("results.json")
TOLERATED = 0.01  # share of the calls whose phones may miss the ring time; of the events that may be late
WAITS = (300.0, stack.parameter("LateContextMs"))  # a usual one, and the longest
FEW, SEEDS = 10, 8  # calls a second; bursts
SIGNIFICANT = {n: float(f"{10 ** (n / 20):.3g}") for n in range(-10, 90)}
RATES = tuple(SIGNIFICANT.values())  # calls a second, 12 % apart
DRAWN = tuple(rate for n, rate in SIGNIFICANT.items() if n % 4 == 0 and n >= -8)


def found() -> Mapping[str, Any]:
    """Return what was found last."""
    results: Mapping[str, Any] = json.loads(RESULTS.read_text())
    return results


def find() -> dict[str, Any]:
    """Simulate everything; takes two minutes."""
    asked = demand()
    return {
        "of": given(),
        "alone": {quota.name: alone(quota.limits, asked) for quota in quotas()},
        "together": {one.name: together(one.limits, asked) for one in deployments()},
        "waits": {f"{ms:,.0f} ms": waits(ms) for ms in WAITS},
    }


def given() -> str:
    """Return what tells one set of measured work, assumptions and limits from another."""
    limits = [one.limits for one in quotas()] + [one.limits for one in deployments()]
    return hashlib.sha256(repr((demand(), limits)).encode()).hexdigest()[:16]


def alone(limits: Limits, asked: Demand) -> dict[str, float]:
    """Return the highest rates at which phones ring and histories keep up, and what becomes of twice as many calls."""
    highest = _both(limits, asked)
    beyond = simulate(burst(2 * highest["rings"]), limits, asked)
    lost = ("not_connected", "refused", "stale", "over_quota")
    return highest | {name: round(getattr(beyond, name) / beyond.calls, 3) for name in lost}


def together(limits: Limits, asked: Demand) -> dict[str, Any]:
    """Return the highest rates likewise, and the shares of calls that rang in time at the rates that are drawn."""
    return _both(limits, asked) | {"rang": [rang(rate, limits, asked) for rate in DRAWN]}


def _both(limits: Limits, asked: Demand) -> dict[str, float]:
    rings = _highest(limits, asked, lambda outcome: outcome.missed)
    return {"rings": rings, "keeps up": _highest(limits, asked, lambda outcome: outcome.behind)}


def waits(ms: float) -> float:
    """Return the highest rate at which phones ring in a new account whose Dial Whom waits for each context."""
    return _both(deployments()[0].limits, demand(Call(dial_whom_wait_ms=ms)))["rings"]


def rang(rate: float, limits: Limits, asked: Demand) -> float:
    """Return the share of calls whose phones rang in time."""
    return round(1 - simulate(burst(rate), limits, asked).missed, 3)


def failing(rate: float, limits: Limits, asked: Demand, failed: Callable[[Outcome], float]) -> float:
    """Return the share that fails: of several bursts where there are so few calls that chance would decide."""
    seeds = range(SEEDS if rate < FEW else 1)
    return statistics.fmean(failed(simulate(burst(rate, seed), limits, asked)) for seed in seeds)


def _highest(limits: Limits, asked: Demand, failed: Callable[[Outcome], float]) -> float:
    low, high = 0, len(RATES)
    while high - low > 1:
        middle = (low + high) // 2
        fits = failing(RATES[middle], limits, asked, failed) <= TOLERATED
        low, high = (middle, high) if fits else (low, middle)
    return RATES[low]
