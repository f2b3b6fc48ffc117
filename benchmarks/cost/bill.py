"""From what a month uses to US dollars, by part: list prices, each dated and with where it was found (prices.json)."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.cost.call import Call
from benchmarks.cost.usage import Month, Usage, measured

_FILE = json.loads(Path(__file__).with_name("prices.json").read_text())
SOURCES: Mapping[str, Mapping[str, str]] = _FILE["sources"]
FREE: Mapping[str, float] = _FILE["free each month"]  # for an account, for as long as it lasts
REGIONS = tuple(name for name in _FILE if name not in ("sources", "free each month"))
UNCONFIRMED = ("known", "as-us", "as-first")  # sources that are none

PARTS: Mapping[str, tuple[str, ...]] = {
    "API Gateway requests": ("http_api_request", "http_api_request_above_300m"),
    "Lambda requests": ("lambda_request",),
    "Lambda GB-seconds": ("lambda_gb_second",),
    "DynamoDB writes": ("dynamodb_write_unit",),
    "DynamoDB reads": ("dynamodb_read_unit",),
    "DynamoDB storage, point-in-time recovery": ("dynamodb_gb_month", "dynamodb_pitr_gb_month"),
    "SQS requests": ("sqs_request",),
    "S3 (log uploads)": ("s3_put", "s3_get", "s3_gb_month"),
    "CloudWatch logs": ("log_gb", "log_ia_gb", "log_gb_month"),
    "CloudWatch metrics, alarms, dashboard": ("metric_month", "alarm_month", "dashboard_month"),
    "Secrets Manager, KMS": ("secret_month", "secret_read", "kms_request"),
    "Data transfer out": ("transfer_gb",),
    "FCM": ("fcm_message",),
}


@dataclass(frozen=True)
class Price:
    """So many US dollars for a number of units."""

    usd: float
    per: float
    source: str

    def of(self, quantity: float) -> float:
        return quantity / self.per * self.usd


def prices(region: str) -> Mapping[str, Price]:
    return {name: Price(**price) for name, price in _FILE[region].items()}


def by_part(usage: Usage, prices: Mapping[str, Price], free: Mapping[str, float] | None = None) -> dict[str, float]:
    """Return the dollars of each part, less what is free."""
    paid = {item: max(0.0, number - (free or {}).get(item, 0)) for item, number in usage.items()}
    return {part: sum(prices[item].of(paid.get(item, 0)) for item in items) for part, items in PARTS.items()}


def per_million(
    prices: Mapping[str, Price], call: Call | None = None, work: Mapping[str, Any] | None = None
) -> dict[str, float]:
    """Return what a million calls cost where there is already traffic: what they add to a month of ten million.

    The streams' batches are as full as those of a million a month; with more calls they are fuller, which is cheaper.
    """
    played = call or Call(), work or measured()
    ten, eleven = (by_part(Month(millions * 1e6, *played, traffic=1e6).usage(), prices) for millions in (10, 11))
    return {part: eleven[part] - ten[part] for part in PARTS}


def by_step(prices: Mapping[str, Price], call: Call | None = None) -> dict[str, float]:
    """Return the same of each step; users, starts and phones' uploads are in none."""
    month = Month(10e6, call or Call(), traffic=1e6)
    return {
        step: sum(by_part(Counter(month.of_step(step, times * 1e6, trigger)), prices).values())
        for step, times, trigger in month.call.steps()
    }


def usd(value: float) -> str:
    return f"{value:,.2f}" if value < 1000 else f"{value:,.0f}"
