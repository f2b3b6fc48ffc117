"""INIT without garbage collection: importing makes objects by the hundred thousand, and drops hardly any of them.

Python would go through all of them again and again. Whoever imports this first, before anything heavy, has it off until
`freeze`, which then puts what INIT has made out of the collector's sight for good.
"""

import gc
import os

_IN_LAMBDA = "AWS_LAMBDA_FUNCTION_NAME" in os.environ

if _IN_LAMBDA:
    gc.disable()


def freeze() -> None:
    """Collect from now on, and only what is made from now on. Does nothing outside Lambda."""
    if _IN_LAMBDA:
        gc.freeze()
        gc.enable()
