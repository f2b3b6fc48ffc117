"""The tables of docs/cost.md about quotas."""

from typing import Any

from benchmarks.cost.report import table
from benchmarks.quotas.limits import quotas
from benchmarks.quotas.results import RATES, TOLERATED

LOST = {
    "not connected": "callers not connected",
    "refused": "pushes refused",
    "stale": "pushes too late to ring",
    "over quota": "pushes that FCM refused",
}


def alone(found: Any) -> str:  # noqa: ANN401 - JSON
    rows = []
    for quota in sorted(quotas(), key=lambda one: found["alone"][one.name]["fits"]):
        one = found["alone"][quota.name]
        lost = [f"{one[name]:.0%} {words}" for name, words in LOST.items() if one[name] >= TOLERATED / 2]
        rows.append([quota.name, _rate(one["fits"]), ", ".join(lost) or "nothing yet", quota.raised])
    return table(["quota", "calls a second that fit", "lost at twice as many", "what to do"], rows)


def sources() -> str:
    return table(["quota", "number from"], [[quota.name, quota.source] for quota in quotas()])


def _rate(fits: float) -> str:
    more = "more than " if fits == RATES[-1] else ""
    return f"{more}{fits:,.1f}" if fits < 100 else f"{more}{fits:,.0f}"


def sections(found: Any) -> dict[str, str]:  # noqa: ANN401 - JSON
    return {"quotas": alone(found), "quota-sources": sources()}
