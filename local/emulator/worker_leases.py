"""Leases a function's Lambda workers to calls, on a machine with few cores.

The fault in ministack 1.5.33 (core/lambda_runtime.py, `acquire_worker`): where all workers are busy, it starts one more
for each call, and that call waits for the start: seconds on a busy machine, although another worker is idle again after
milliseconds. Some pushes of a row ring late, and a burst starts dozens of workers on two cores. Its own limit,
`_LOCAL_MAX_WORKERS`, answers 429 instead of waiting.
"""

import logging
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

# A call waits so long for a busy worker before one more is started: several times a warm call's duration.
PATIENCE_SECONDS = 0.2
# The interval of checks for workers that the emulator dropped.
LOOK_AGAIN_SECONDS = 0.05


class Worker(Protocol):
    """The part used here of the emulator's own class."""

    in_use: bool
    _lock: threading.Lock


type Leased = tuple[Worker | None, str]


class Runtime(Protocol):
    """The part used here of the emulator's module `ministack.core.lambda_runtime`."""

    acquire_worker: Callable[..., Leased]
    release_worker: Callable[[Worker | None], None]
    ensure_spawned: Callable[[Worker], None]
    _worker_key: Callable[[str, Mapping[str, object], str], str]
    _workers: Mapping[str, Sequence[Worker]]


class Leases:
    """Leases workers in the order of requests; a wait that is too long (seconds) starts one more, one at a time."""

    def __init__(self, runtime: Runtime, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._runtime, self._patience_seconds = runtime, patience_seconds
        self._lease, self._give_back = runtime.acquire_worker, runtime.release_worker
        self._changed = threading.Condition()
        self._waiting: dict[str, deque[object]] = defaultdict(deque)
        self._starting: set[str] = set()

    def acquire(
        self, func_name: str, config: Mapping[str, object], code_zip: bytes, qualifier: str = "$LATEST", **more: object
    ) -> Leased:
        """Lease a worker: the emulator's `acquire_worker`."""
        key, me = self._runtime._worker_key(func_name, config, qualifier), object()
        impatient = time.monotonic() + self._patience_seconds

        def lease() -> Leased:
            return self._lease(func_name, config, code_zip, qualifier=qualifier, **more)

        with self._changed:
            self._waiting[key].append(me)
            try:
                while self._waiting[key][0] is not me or self._all_busy(key):
                    if time.monotonic() >= impatient and key not in self._starting:
                        self._start(key, lease())
                    self._changed.wait(LOOK_AGAIN_SECONDS)
                return lease()
            finally:
                self._waiting[key].remove(me)
                self._changed.notify_all()

    def release(self, worker: Worker | None) -> None:
        """Return a worker: the emulator's `release_worker`."""
        self._give_back(worker)
        with self._changed:
            self._changed.notify_all()

    def _all_busy(self, key: str) -> bool:
        workers = list(self._runtime._workers.get(key, ()))
        return bool(workers) and all(worker.in_use for worker in workers)

    def _start(self, key: str, leased: Leased) -> None:
        worker, _ = leased
        if worker is not None:
            self._starting.add(key)
            threading.Thread(target=self._start_now, args=(key, worker), daemon=True).start()

    def _start_now(self, key: str, worker: Worker) -> None:
        """Start a worker and make it available; if that fails, the next lease tries again and raises the error."""
        try:
            self._runtime.ensure_spawned(worker)
        except Exception:
            logging.getLogger(__name__).warning("a Lambda worker did not start", exc_info=True)
        finally:
            with self._changed:
                self._starting.discard(key)
            self.release(worker)
