"""How much is tried: in `make test` a moment's worth, the same each time; in `make fuzz` FUZZ_TIMES as much, anew."""

import os
from collections import Counter

from hypothesis import HealthCheck, settings

TIMES = int(os.environ.get("FUZZ_TIMES", "1"))
TRIED: Counter[str] = Counter()  # inputs, by what became of them


def tries(quick: int) -> settings:
    """Return a test's settings; `quick` is the number of inputs in `make test`."""
    return settings(
        max_examples=quick * TIMES,
        derandomize=TIMES == 1,
        database=None,
        deadline=None,
        print_blob=True,
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.filter_too_much,
            HealthCheck.function_scoped_fixture,
        ],
    )
