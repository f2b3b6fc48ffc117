"""List prices of a region, each dated and with where it was found: prices.json."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_FILE = json.loads(Path(__file__).with_name("prices.json").read_text())
SOURCES: Mapping[str, Mapping[str, str]] = _FILE["sources"]
REGIONS = tuple(name for name in _FILE if name != "sources")
UNCONFIRMED = ("known", "as-us")  # sources that are none


@dataclass(frozen=True)
class Price:
    """So many US dollars for so many units."""

    usd: float
    per: float
    source: str

    def of(self, quantity: float) -> float:
        return quantity / self.per * self.usd


def prices(region: str) -> Mapping[str, Price]:
    return {name: Price(**price) for name, price in _FILE[region].items()}
