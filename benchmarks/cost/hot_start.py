"""The cost and effect of SnapStart and provisioned concurrency for Dial Whom and the push webhook."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.cost import stack
from benchmarks.cost.bill import REGIONS, Price, prices, usd
from benchmarks.cost.usage import Month
from benchmarks.generated import table

HOT = {"DialWhomFunction": "dial whom", "AcceptPushFunction": "accept push"}
MONTH_SECONDS = stack.DAYS * 86_400
PEAK = 5  # times the mean of a month: the busiest minutes


def gigabytes(function: str) -> float:
    return stack.functions()[function].memory / 1024


def provisioned_month(function: str, price: Mapping[str, Price]) -> float:
    """Return the dollars of one environment that is kept for a month, idle."""
    return price["provisioned_gb_second"].of(gigabytes(function) * MONTH_SECONDS)


def cached_month(function: str, price: Mapping[str, Price]) -> float:
    """Return the dollars of one version's snapshot, kept for a month."""
    return price["snapstart_cached_gb_second"].of(gigabytes(function) * MONTH_SECONDS)


def break_even(price: Mapping[str, Price]) -> float:
    """Return how busy a provisioned environment must be, as a share of the time, to cost no more than none."""
    spared = price["lambda_gb_second"].usd - price["provisioned_busy_gb_second"].usd
    return price["provisioned_gb_second"].usd / spared


@dataclass(frozen=True)
class Kept:
    """A month of both hot functions; dollars are on top of what running them costs anyway."""

    starts: float  # environments started while a caller waits
    share: float  # of the events
    waited_ms: float  # the wait of a request that met one
    starting: float  # dollars
    snapstart: float
    environments: int
    provisioned: float


def kept(month: Month, price: Mapping[str, Price]) -> Kept:
    events = {name: month.events()[name] for name in HOT}
    starts = {name: events[name] * month.cold(name) for name in HOT}
    needed = {name: _environments(month, name, events[name]) for name in HOT}
    spare = price["lambda_gb_second"].usd - price["provisioned_busy_gb_second"].usd
    busy = {name: events[name] * gigabytes(name) * month.billed_ms(step) / 1000 for name, step in HOT.items()}
    return Kept(
        starts=sum(starts.values()),
        share=sum(starts.values()) / sum(events.values()),
        waited_ms=max(month.start_ms(name) for name in HOT),
        starting=sum(
            price["lambda_gb_second"].of(starts[name] * gigabytes(name) * month.start_ms(name) / 1000) for name in HOT
        ),
        snapstart=sum(
            cached_month(name, price) + price["snapstart_restored_gb"].of(starts[name] * gigabytes(name))
            for name in HOT
        ),
        environments=sum(needed.values()),
        provisioned=sum(needed[name] * provisioned_month(name, price) - busy[name] * spare for name in HOT),
    )


def _environments(month: Month, function: str, events: float) -> int:
    return max(1, math.ceil(PEAK * events / MONTH_SECONDS * month.billed_ms(HOT[function]) / 1000))


def hot(months: Mapping[int, str]) -> str:
    """Return what HotStart costs in such months."""
    rows = []
    for calls, words in months.items():
        one = kept(Month(calls), prices(REGIONS[0]))
        starts = f"{one.starts:,.0f} ({one.share:.1%})"
        provisioned = f"{usd(one.provisioned)} ({one.environments} environments)"
        rows.append([words, starts, f"{one.waited_ms:.0f}", usd(one.starting), usd(one.snapstart), provisioned])
    head = ["calls a month", "starts somebody waits for", "each, ms", "USD of them", "`snapstart`, USD"]
    return table([*head, "`provisioned`, USD"], rows)


def hot_prices() -> str:
    """Return what keeping each of the two functions costs."""
    price, rows = prices(REGIONS[0]), []
    for name in HOT:
        restored = f"{price['snapstart_restored_gb'].of(gigabytes(name) * 1e6):,.0f}"
        idle, cached = usd(provisioned_month(name, price)), usd(cached_month(name, price))
        rows.append([name, idle, f"{break_even(price):.0%}", cached, restored])
    head = ["USD a month", "one environment kept", "busy share that pays", "one snapshot kept", "a million restored"]
    return table(head, rows)
