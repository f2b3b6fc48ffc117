"""Calls get Lambda workers in turn, and no more workers start than are needed."""

import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from local.emulator.worker_leases import Leased, Leases
from tests.patience import patience

KEY = "vend:$LATEST"


@dataclass
class Worker:
    in_use: bool = True
    _lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass
class Pool:
    """The emulator's module as far as leasing goes: where no worker is idle, a lease makes one more."""

    _workers: dict[str, list[Worker]] = field(default_factory=dict)
    may_start: threading.Event = field(default_factory=threading.Event)

    def _worker_key(self, name: str, config: Mapping[str, object], qualifier: str) -> str:
        return f"{name}:{qualifier}"

    def acquire_worker(self, name: str, config: Mapping[str, object], code: bytes, qualifier: str) -> Leased:
        workers = self._workers.setdefault(f"{name}:{qualifier}", [])
        for worker in workers:
            if not worker.in_use:
                worker.in_use = True
                return worker, "reused"
        workers.append(Worker())
        return workers[-1], "spawn"

    def ensure_spawned(self, worker: Worker) -> None:
        if not self.may_start.wait(patience(5)):
            raise RuntimeError("never started")

    def release_worker(self, worker: Worker) -> None:
        worker.in_use = False


def leases_of(pool: Any, patience_seconds: float) -> Leases:
    return Leases(pool, patience_seconds)


def lease(leases: Leases) -> Leased:
    return leases.acquire("vend", {}, b"")


def wait_for(leases: Leases, waiting: int) -> None:
    while len(leases._waiting[KEY]) < waiting:
        pass


def test_the_first_call_makes_a_worker_without_waiting() -> None:
    assert lease(leases_of(Pool(), 60))[1] == "spawn"


def test_waiting_calls_get_the_busy_worker_in_turn_while_one_more_is_starting() -> None:
    first, order = Worker(), []
    pool = Pool({KEY: [first]})
    leases = leases_of(pool, 0)

    def call(name: str) -> None:
        assert lease(leases) == (first, "reused")
        order.append(name)
        leases.release(first)

    with ThreadPoolExecutor() as threads:
        calls: list[Future[None]] = []
        for name in ("one", "two", "three"):
            calls.append(threads.submit(call, name))
            wait_for(leases, len(calls))
        leases.release(first)
        for one in calls:
            one.result(timeout=patience(5))
        assert order == ["one", "two", "three"]
        assert len(pool._workers[KEY]) == 2
        pool.may_start.set()


def test_a_call_gets_the_started_worker_where_the_others_stay_busy() -> None:
    pool = Pool({KEY: [Worker()]})
    pool.may_start.set()
    leased, _ = lease(leases_of(pool, 0))
    assert leased is pool._workers[KEY][1]
    assert len(pool._workers[KEY]) == 2


def test_a_call_whose_function_lost_its_workers_makes_one() -> None:
    pool = Pool({KEY: [Worker()]})
    leases = leases_of(pool, 60)
    with ThreadPoolExecutor() as threads:
        call = threads.submit(lease, leases)
        wait_for(leases, 1)
        pool._workers.clear()
        assert call.result(timeout=patience(5))[1] == "spawn"
