"""The second try of a call to AWS."""

import random
import time
from collections.abc import Callable

from switchboard.aws.errors import ClientError
from switchboard.foundation.errors import AwsError

SHORTEST_PAUSE, LONGEST_PAUSE = 0.05, 0.15  # seconds before the second try, where AWS has answered the first


def tried[T](once: Callable[[], T], tries: int = 2) -> T:
    """Return what `once` returns; after a fault that may pass, it is called a second time if `tries` is 2.

    Raises AwsError.
    """
    try:
        return once()
    except AwsError as fault:
        if not fault.passing or tries < 2:
            raise
        if isinstance(fault, ClientError):
            time.sleep(random.uniform(SHORTEST_PAUSE, LONGEST_PAUSE))  # noqa: S311 - it spreads load
    return once()
