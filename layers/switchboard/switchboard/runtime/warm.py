"""What INIT pays for so that the first request need not: INIT has the full CPU, a small handler has not.

Every function imports this before anything else, because of what runtime/garbage.py does.
"""

import os
from collections.abc import Callable

from switchboard.runtime import garbage
from switchboard.runtime.log import logger, named
from switchboard.runtime.restore import Cached, after_restore
from switchboard.runtime.timeout import within

CALL_SECONDS = 1.0


def warm(*calls: Callable[[], object], kept: tuple[Cached, ...] = ()) -> None:
    """Make each call once, for at most CALL_SECONDS, best effort: the request that needs it will try again.

    After a restore from a snapshot it is done again, with all of `kept` built anew: what holds connections, credentials
    or secrets. Does nothing outside Lambda, so that importing a handler never connects to anything.
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
        except Exception as error:  # whatever it is, the handler's own answer is better than a failed INIT
            logger.warning("warming up failed", extra={"fault": named(error)})
