"""Renews a function's state after a restore from a SnapStart snapshot.

The snapshot's connections are closed, its credentials and secrets may have been rotated, and all functions restored
from it would generate the same random numbers. (uuid and secrets use the kernel's generator, which AWS reseeds.)
"""

import os
import random
import ssl
from collections.abc import Callable
from typing import Protocol

SEED_BYTES = 32


class Cached(Protocol):
    """A function decorated with functools.cache."""

    def cache_clear(self) -> None:
        """Drop the cached object."""
        ...


def after_restore(kept: tuple[Cached, ...], prepare: Callable[[], object]) -> None:
    """Register `renew` to run after each restore, before the first request (10 s at most). No-op without SnapStart."""
    if os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") == "snap-start":
        from snapshot_restore_py import register_after_restore  # noqa: PLC0415

        register_after_restore(renew, kept, prepare)


def renew(kept: tuple[Cached, ...], prepare: Callable[[], object]) -> None:
    """Reseed Python's and OpenSSL's random generators, drop the cached objects, and prepare as INIT does."""
    random.seed()
    ssl.RAND_add(os.urandom(SEED_BYTES), SEED_BYTES)
    for built in kept:
        built.cache_clear()
    prepare()
