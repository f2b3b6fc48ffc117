"""The number of inputs: few and always the same in `make test`; FUZZ_TIMES as many and new ones in `make fuzz`."""

import os
from collections import Counter

from hypothesis import HealthCheck, settings

TIMES = int(os.environ.get("FUZZ_TIMES", "1"))
TRIED: Counter[str] = Counter()  # inputs by result


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
