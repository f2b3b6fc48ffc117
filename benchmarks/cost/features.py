"""What other features add to a call: the bill with their part left out of the measured work, one after the other."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from benchmarks.cost.bill import REGIONS, per_million, prices, usd
from benchmarks.cost.usage import READ_ONCE, measured
from benchmarks.generated import table

type Steps = dict[str, dict[str, Any]]


def _users_are_forgotten(steps: Steps) -> None:
    """Leave out the read that says whether users have been deleted."""
    for one in steps.values():
        if one["units"].pop(READ_ONCE, None):
            one["calls"]["dynamodb:GetItem"] -= 1


def _phones_are_stopped(steps: Steps) -> None:
    """Leave out the look at what rings: an event of the answer or of the end is an event like others."""
    for name in ("call event of the answer", "call event of the end"):
        steps[name] |= {what: steps["call event"][what] for what in ("cpu_ms", "calls", "units")}


def _what_rings_is_known(steps: Steps) -> None:
    """Leave out the write of a delivery that says what rings."""
    for name in ("deliver to 1", "deliver to 2"):
        steps[name]["calls"]["dynamodb:UpdateItem"] -= 1
        steps[name]["units"]["DeliveriesTable"][0] -= 1


FEATURES: Mapping[str, Callable[[Steps], None]] = {
    "nothing of a deleted user is stored again (decisions 0076 and 0098)": _users_are_forgotten,
    "phones stop when a call is answered or over (decision 0071), without the cancels": _phones_are_stopped,
    "what rings now is found at once (decision 0070)": _what_rings_is_known,
}


def features() -> str:
    book, work = prices(REGIONS[0]), deepcopy(measured())
    steps, before = work["steps"], sum(per_million(book).values())
    rows = [["as above", "", usd(before)]]
    for what, leave_out in FEATURES.items():
        leave_out(steps)
        after = sum(per_million(book, work=work).values())
        rows.append([what, usd(before - after), usd(after)])
        before = after
    return table(["feature", f"USD per million calls, {REGIONS[0]}", "without it and those above"], rows)
