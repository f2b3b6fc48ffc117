"""What INIT pays for so that the first request need not: INIT has the full CPU, a small handler has not."""

import os
from collections.abc import Callable

from switchboard.edge.deadline import within
from switchboard.edge.observability import logger

CALL_SECONDS = 1.0


def warm(*calls: Callable[[], object]) -> None:
    """Make each call once, for at most CALL_SECONDS, best effort: the request that needs it will try again.

    Does nothing outside Lambda, so that importing a handler never connects to anything.
    """
    if "AWS_LAMBDA_FUNCTION_NAME" not in os.environ:
        return
    for call in calls:
        try:
            within(CALL_SECONDS, call)
        except Exception as error:  # whatever it is, the handler's own answer is better than a failed INIT
            logger.warning("warming up failed", extra={"fault": type(error).__name__})
