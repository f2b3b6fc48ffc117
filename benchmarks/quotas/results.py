"""What the simulation finds: the calls a second that each quota lets through by itself, and how deployments do."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.quotas.arrivals import burst
from benchmarks.quotas.demand import Demand, demand
from benchmarks.quotas.limits import Limits, deployments, quotas
from benchmarks.quotas.simulation import simulate

RESULTS = Path(__file__).with_name("results.json")
TOLERATED = 0.01  # share of the calls whose phones may miss the ring time
SIGNIFICANT = {n: float(f"{10 ** (n / 20):.3g}") for n in range(-10, 90)}
RATES = tuple(SIGNIFICANT.values())  # calls a second, 12 % apart
DRAWN = tuple(rate for n, rate in SIGNIFICANT.items() if n % 4 == 0 and n >= -8)


def found() -> Mapping[str, Any]:
    """Return what was found last."""
    results: Mapping[str, Any] = json.loads(RESULTS.read_text())
    return results


def find() -> dict[str, Any]:
    """Simulate everything; takes a minute."""
    asked = demand()
    return {
        "alone": {quota.name: alone(quota.limits, asked) for quota in quotas()},
        "rang": {name: rang(limits, asked) for name, limits in deployments().items()},
    }


def alone(limits: Limits, asked: Demand) -> dict[str, float]:
    """Return the highest rate that fits, and what becomes of twice as many calls."""
    fits = RATES[_last_that_fits(limits, asked)]
    beyond = simulate(burst(2 * fits), limits, asked)
    return {
        "fits": fits,
        "missed": round(max(0.0, beyond.missed), 3),
        "not connected": round(beyond.not_connected / beyond.calls, 3),
        "refused": round(beyond.refused / beyond.calls, 3),
        "stale": round(beyond.stale / beyond.calls, 3),
        "over quota": round(beyond.over_quota / beyond.calls, 3),
        "p99": round(beyond.wait(0.99), 1),
    }


def rang(limits: Limits, asked: Demand) -> list[float]:
    """Return the share of calls that rang in time at each of the drawn rates."""
    return [round(1 - max(0.0, simulate(burst(rate), limits, asked).missed), 3) for rate in DRAWN]


def _last_that_fits(limits: Limits, asked: Demand) -> int:
    low, high = 0, len(RATES)
    while high - low > 1:
        middle = (low + high) // 2
        fits = simulate(burst(RATES[middle]), limits, asked).missed <= TOLERATED
        low, high = (middle, high) if fits else (low, middle)
    return low
