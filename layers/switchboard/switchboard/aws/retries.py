"""The second try of a call to AWS."""

import random
import time
from collections.abc import Callable

from switchboard.aws.errors import ClientError
from switchboard.foundation.errors import AwsError

SHORTEST_PAUSE, LONGEST_PAUSE = 0.05, 0.15  # seconds before the second try, where AWS has answered the first


def tried[T](once: Callable[[bool], T], tries: int = 2) -> T:
    """Return what `once(False)` returns; after a fault that may pass, what `once(True)` does if `tries` is 2.

    Its argument says to open a connection: what has failed on one host of AWS's may not on another. Raises AwsError.
    """
    try:
        return once(False)
    except AwsError as fault:
        if not fault.passing or tries < 2:
            raise
        if isinstance(fault, ClientError):
            time.sleep(random.uniform(SHORTEST_PAUSE, LONGEST_PAUSE))  # noqa: S311 - it spreads load
    return once(True)
