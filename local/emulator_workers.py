"""How the emulator starts and ends the Lambda workers of a function, on a machine with few cores."""

import threading
import time
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import SimpleNamespace
from typing import Protocol

from local.shared_code import SharedZip

# Between being leased for a call and being locked by it, a worker looks idle for a moment.
LEASE_SECONDS = 1.0
# How long a call waits for a worker that is busy: half a cold start, and several times what a warm call takes.
PATIENCE_SECONDS = 0.2
LOOK_AGAIN_SECONDS = 0.005


class Worker(Protocol):
    """What matters here of the emulator's own class."""

    in_use: bool
    _lock: threading.Lock


type End = Callable[[Iterable[Worker | None]], None]


class Runtime(Protocol):
    """What matters here of the emulator's module `ministack.core.lambda_runtime`."""

    zipfile: object
    kill_workers: End
    acquire_worker: Callable[..., object]
    _worker_key: Callable[[str, Mapping[str, object], str], str]
    _workers: Mapping[str, Sequence[Worker]]


class Service(Protocol):
    """What matters here of the emulator's module `ministack.services.lambda_svc`."""

    acquire_worker: Callable[..., object]


def when_done(end: End, lease_seconds: float = LEASE_SECONDS) -> End:
    """Wrap what ends workers at once: those that are at work or starting end after their call.

    The emulator ends a function's workers when its configuration changes, and all of them when one failed to start; it
    deletes their files too, and one that was just starting then missed a library.
    """

    def end_when_done(workers: Iterable[Worker | None]) -> None:
        present = [worker for worker in workers if worker is not None]
        end([worker for worker in present if not worker.in_use])
        for worker in present:
            if worker.in_use:
                threading.Thread(target=_end_later, args=(end, worker, lease_seconds), daemon=True).start()

    return end_when_done


def _end_later(end: End, worker: Worker, lease_seconds: float) -> None:
    time.sleep(lease_seconds)
    with worker._lock:
        end([worker])


def patient(runtime: Runtime, patience_seconds: float = PATIENCE_SECONDS) -> Callable[..., object]:
    """Wrap the leasing of a worker: where all are busy it waits a little before the emulator starts one more.

    The call that makes the emulator start a worker waits for that start, even where another worker is idle again
    a moment later: of a few pushes in a row, some rang seconds late.
    """
    lease, turn = runtime.acquire_worker, threading.Lock()

    def all_busy(key: str) -> bool:
        workers = list(runtime._workers.get(key, ()))
        return bool(workers) and all(worker.in_use for worker in workers)

    def lease_patiently(
        func_name: str, config: Mapping[str, object], code_zip: bytes, qualifier: str = "$LATEST", **more: object
    ) -> object:
        key, ends = runtime._worker_key(func_name, config, qualifier), time.monotonic() + patience_seconds
        while True:
            with turn:
                if time.monotonic() >= ends or not all_busy(key):
                    return lease(func_name, config, code_zip, qualifier=qualifier, **more)
            time.sleep(LOOK_AGAIN_SECONDS)

    return lease_patiently


def amend(runtime: Runtime, service: Service) -> None:
    """Change the emulator, of the version that requirements/emulator.txt pins."""
    runtime.zipfile = SimpleNamespace(
        ZipFile=SharedZip, BadZipFile=zipfile.BadZipFile, LargeFileError=zipfile.LargeZipFile
    )
    runtime.kill_workers = when_done(runtime.kill_workers)
    runtime.acquire_worker = service.acquire_worker = patient(runtime)
