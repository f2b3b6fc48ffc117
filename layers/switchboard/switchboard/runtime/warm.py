"""Work done during INIT to make the first request fast: Lambda gives INIT a full vCPU whatever the memory size.

Every function imports this module first, because runtime/garbage.py must run before the other imports.
"""

import os
from collections.abc import Callable

from switchboard.runtime import garbage
from switchboard.runtime.log import logger, named
from switchboard.runtime.restore import Cached, after_restore
from switchboard.runtime.timeout import within

CALL_SECONDS = 1.0


def warm(*calls: Callable[[], object], kept: tuple[Cached, ...] = ()) -> None:
    """Make each call once, for at most CALL_SECONDS. A failure is only logged: the first request tries again.

    After a restore from a snapshot the calls are repeated, and all of `kept` is built again: what holds connections,
    credentials or secrets. Does nothing outside Lambda, so that importing a handler never opens a connection.
    """
    if "AWS_LAMBDA_FUNCTION_NAME" not in os.environ:
        return
    _make(calls)
    after_restore(kept, lambda: _make(calls))
    garbage.freeze()


def _make(calls: tuple[Callable[[], object], ...]) -> None:
    for call in calls:
        try:
            within(CALL_SECONDS, call)
        except Exception as error:  # of any kind: the handler's error response is better than a failed INIT
            logger.warning("warming up failed", extra={"fault": named(error)})
