"""Plays whole calls on moto, step by step, and meters every function's part in them.

    make measure-cost          # writes benchmarks/cost/measured.json; about a minute and a half

Each call has its own caller and callee.
"""

import json
import platform
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from benchmarks.cost.measuring import steps
from benchmarks.cost.measuring.meter import Meter
from benchmarks.cost.measuring.parties import Parties
from benchmarks.cost.measuring.player import Player
from benchmarks.cost.measuring.starts import import_ms
from benchmarks.cost.measuring.storage import entries_of, items_of, stored, tables
from benchmarks.cost.measuring.units import Units
from benchmarks.cost.usage import MEASURED
from local.simulators import running_simulators
from tests.deployment import deployed
from tests.identity_stack import ACCOUNTS, IdentityStack

CALLS = 30


@contextmanager
def player() -> Iterator[Player]:
    """Deploy everything, with a meter."""
    with running_simulators(ACCOUNTS) as simulators, deployed() as deployment, pytest.MonkeyPatch.context() as patch:
        others = {one.native_id for one in threading.enumerate() if one is not threading.main_thread()}
        dynamodb = deployment.client("dynamodb")
        units = Units(tables(), lambda table, at: dynamodb.get_item(TableName=table, Key=at).get("Item", {}))
        identity = IdentityStack(deployment, simulators)
        yield Player(deployment, simulators, Meter(units, patch, {one for one in others if one}), patch)
        identity.close()


def play(calls: int = CALLS) -> dict[str, Any]:
    """Return what each step takes and leaves behind, and the size of a subscriber with his devices."""
    with player() as one:
        steps.prepare(Parties(one.deployment), calls)
        parties = items_of(one.deployment, "SubscribersTable")
        kept = stored(parties), stored(entries_of(parties, "SubscribersTable"))
        steps.play_calls(one, calls)
        steps.play_cancels(one, calls)
        steps.play_the_rest(one, calls)
        played = {work.function for work in one.meter.steps.values()}
        return {
            "import_cpu_ms": {function: import_ms(one.deployment, function) for function in sorted(played)},
            "steps": {name: work.as_json() for name, work in one.meter.steps.items()},
            "subscriber_bytes": [round(both / (2 * calls)) for both in kept],
            "metrics": sorted(one.meter.metrics),
        }


if __name__ == "__main__":
    how = {"measured_on": time.strftime("%Y-%m-%d"), "python": platform.python_version(), "machine": platform.machine()}
    MEASURED.write_text(json.dumps(how | play(), indent=1) + "\n")
    sys.stdout.write(f"wrote {MEASURED}\n")
