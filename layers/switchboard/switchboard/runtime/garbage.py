"""Switches garbage collection off during INIT: imports create some hundred thousand objects and free few of them.

The collector would scan all of them repeatedly. Import this module before any large one; `freeze` switches collection
on again, and exempts all objects that INIT has created.
"""

import gc
import os

_IN_LAMBDA = "AWS_LAMBDA_FUNCTION_NAME" in os.environ

if _IN_LAMBDA:
    gc.disable()


def freeze() -> None:
    """Switch collection on, for objects created from now on only. Does nothing outside Lambda."""
    if _IN_LAMBDA:
        gc.freeze()
        gc.enable()
