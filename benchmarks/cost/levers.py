"""What each saving brought: the bill of a million calls before any, and after each of them (levers.json).

python -m benchmarks.cost --lever "what was done"    # after make measure-cost: adds the bill as it is now
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.cost.bill import PARTS, REGIONS, per_million, prices, usd
from benchmarks.generated import table

LEVERS = Path(__file__).with_name("levers.json")


def _recorded() -> list[dict[str, Any]]:
    """Return the bills in their order: `what` was done, and US dollars of each part in the first region after it."""
    found: list[dict[str, Any]] = json.loads(LEVERS.read_text()) if LEVERS.exists() else []
    return found


def _now() -> Mapping[str, float]:
    return {part: round(value, 3) for part, value in per_million(prices(REGIONS[0])).items()}


def record(what: str) -> None:
    """Add the bill as it is now, in place of an earlier one of the same words."""
    bills = [one for one in _recorded() if one["what"] != what]
    LEVERS.write_text(json.dumps([*bills, {"what": what, "usd": _now()}], indent=1) + "\n")


def levers() -> str:
    """Return what each lever saved, and what is left after it."""
    bills = [*_recorded(), {"what": "all other changes since", "usd": _now()}]
    totals = [sum(one["usd"].values()) for one in bills]
    rows = [[bills[0]["what"], "", usd(totals[0])]]
    for bill, before, after in zip(bills[1:], totals, totals[1:], strict=False):
        if bill is not bills[-1] or round(before - after, 2):
            rows.append([bill["what"], usd(before - after), usd(after)])
    return table(["lever", "saves, USD per million calls", "leaves"], rows)


def levers_by_part() -> str:
    """Return the parts of the bill before all levers, and now."""
    before, now = _recorded()[0]["usd"], _now()
    rows = [[part, *map(usd, (before.get(part, 0), now[part], before.get(part, 0) - now[part]))] for part in PARTS]
    sums = [sum(before.values()), sum(now.values())]
    rows.append(["**together**", *(f"**{usd(value)}**" for value in (*sums, sums[0] - sums[1]))])
    return table([f"USD per million calls, {REGIONS[0]}", "before", "now", "saved"], rows)
