"""After a restore from SnapStart's snapshot: nothing that was alive when it was taken can be trusted.

Its connections are dead, its credentials and secrets may have been replaced, and every copy of it would draw the same
random numbers. (uuid and secrets draw from the kernel, which AWS seeds anew.)
"""

import os
import random
import ssl
from collections.abc import Callable
from typing import Protocol

SEED_BYTES = 32


class Kept(Protocol):
    """A function under functools.cache."""

    def cache_clear(self) -> None:
        """Forget what was built."""
        ...


def after_restore(kept: tuple[Kept, ...], prepare: Callable[[], object]) -> None:
    """Have `renew` run after each restore, before the first request; it has 10 s then. Nothing without SnapStart."""
    if os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") == "snap-start":
        from snapshot_restore_py import register_after_restore  # noqa: PLC0415

        register_after_restore(renew, kept, prepare)


def renew(kept: tuple[Kept, ...], prepare: Callable[[], object]) -> None:
    """Seed Python's and OpenSSL's random numbers anew, forget what was built, and prepare as INIT did."""
    random.seed()
    ssl.RAND_add(os.urandom(SEED_BYTES), SEED_BYTES)
    for built in kept:
        built.cache_clear()
    prepare()
