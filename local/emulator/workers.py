"""Patches of the emulator's Lambda workers: their code, their leases, their end."""

import threading
import time
import zipfile
from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Protocol

from local.emulator import worker_leases
from local.emulator.shared_code import SharedZip
from local.emulator.worker_leases import Leased, Leases, Worker

# Between its lease and its lock for a call, a worker looks idle for a moment.
LEASE_SECONDS = 1.0

type End = Callable[[Iterable[Worker | None]], None]


class Runtime(worker_leases.Runtime, Protocol):
    """The part changed here of the emulator's module `ministack.core.lambda_runtime`."""

    zipfile: object
    kill_workers: End


class Service(Protocol):
    """The part changed here of the emulator's module `ministack.services.lambda_svc`."""

    acquire_worker: Callable[..., Leased]
    release_worker: Callable[[Worker | None], None]


def when_done(end: End, lease_seconds: float = LEASE_SECONDS) -> End:
    """Wrap the function that ends workers: busy and starting ones end after their call.

    The fault in ministack 1.5.33 (core/lambda_runtime.py, `kill_workers`): when a function's configuration changes, or
    one of its workers fails or is killed, `invalidate_worker` ends all its workers in the middle of their calls and
    deletes their files. On AWS each environment finishes its call, whatever happens to the others.
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


def amend(runtime: Runtime, service: Service) -> None:
    """Patch the emulator's version pinned in requirements/emulator.txt."""
    runtime.zipfile = SimpleNamespace(
        ZipFile=SharedZip, BadZipFile=zipfile.BadZipFile, LargeFileError=zipfile.LargeZipFile
    )
    runtime.kill_workers = when_done(runtime.kill_workers)
    leases = Leases(runtime)
    runtime.acquire_worker = service.acquire_worker = leases.acquire
    runtime.release_worker = service.release_worker = leases.release
