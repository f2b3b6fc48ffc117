"""An import that is killed or stopped by Ctrl-C: run again, it continues and completes."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import boto3
import pytest

from local.emulator.process import ADMIN_KEY, ADMIN_SECRET, REGION, Emulator
from local.simulators import running_simulators
from local.simulators.faults import Fault
from local.stack import EMULATOR, ROOT
from tests.cli.fleet.deployed import Deployed
from tests.patience import patience

NAMES = [f"user{number:03}" for number in range(250)]


@pytest.fixture
def emulator(tmp_path: Path) -> Iterator[Emulator]:
    with Emulator(EMULATOR, tmp_path, tmp_path) as running:
        yield running


class ImportRuns:
    """A CSV of 250 names, and import commands in processes of their own."""

    def __init__(self, emulator: Emulator, deployed: Deployed, folder: Path) -> None:
        self.deployed = deployed
        self.csv_file = folder / "users.csv"
        self.journal = folder / "users.csv.journal"
        self.list(NAMES)
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self._environment = kept | {
            "AWS_ENDPOINT_URL": emulator.url,
            "AWS_ACCESS_KEY_ID": ADMIN_KEY,
            "AWS_SECRET_ACCESS_KEY": ADMIN_SECRET,
            "AWS_REGION": REGION,
        }

    def list(self, names: Sequence[str]) -> None:
        self.csv_file.write_text("\n".join(["name,password", *(f"{name},secret {name}" for name in names)]))

    def start(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "cli", "--json", "subscribers", "import", str(self.csv_file)]
        return subprocess.Popen(
            command, env=self._environment, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def stop_after(self, settled: int, kind: signal.Signals) -> subprocess.Popen[str]:
        with self.start() as process:
            until = time.monotonic() + patience(60)
            while self.settled() < settled:
                assert process.poll() is None, process.communicate()
                assert time.monotonic() < until
                time.sleep(0.002)
            process.send_signal(kind)
            self.said = process.communicate(timeout=patience(30))[1]
        return process

    def settled(self) -> int:
        return self.journal.read_bytes().count(b'"exotel"') if self.journal.exists() else 0


@pytest.fixture
def runs(emulator: Emulator, tmp_path: Path) -> Iterator[ImportRuns]:
    def client(service: str) -> object:
        keys = {"aws_access_key_id": ADMIN_KEY, "aws_secret_access_key": ADMIN_SECRET}
        return boto3.client(service, REGION, endpoint_url=emulator.url, **keys)  # type: ignore[call-overload]

    with running_simulators() as simulators:
        yield ImportRuns(emulator, Deployed(client, simulators), tmp_path)


@pytest.mark.long
def test_an_import_killed_twice_completes_and_repeats_nothing(runs: ImportRuns) -> None:
    runs.deployed.faults.add(Fault("exotel", status=429, retry_after=1, every=6, times=4))
    runs.deployed.faults.add(Fault("exotel", status=500, subscriber="user171"))
    for settled in (40, 130):
        assert runs.stop_after(settled, signal.SIGKILL).returncode == -signal.SIGKILL
        assert settled <= len(runs.deployed.exotel()) < 250
    before = {name: runs.deployed.subscribers.find("demo1m", name) for name in runs.deployed.here()}
    created_before = {one.name: one.created for one in runs.deployed.simulators.exotel.subscribers.listed("demo1m")}

    with runs.start() as process:
        said, complaints = process.communicate(timeout=patience(120))
    assert process.returncode == 0, complaints
    done = json.loads(said)
    assert done["exotel"] == {"created": 250, "existing": 0, "failed": 0}
    assert done["here"] == {"created": 250, "changed": 0, "unchanged": 0}
    assert runs.deployed.here() == runs.deployed.exotel() == dict.fromkeys(NAMES, "active")
    assert {name: runs.deployed.subscribers.find("demo1m", name) for name in before} == before
    after = {one.name: one.created for one in runs.deployed.simulators.exotel.subscribers.listed("demo1m")}
    assert {name: after[name] for name in created_before} == created_before
    assert not runs.journal.exists()


def test_ctrl_c_prints_how_to_continue(runs: ImportRuns) -> None:
    names = NAMES[:40]  # each is 50 ms of hashing
    runs.list(names)
    stopped = runs.stop_after(20, signal.SIGINT)
    assert stopped.returncode == 130
    assert "run the same command again to continue" in runs.said
    kept = runs.settled()
    with runs.start() as process:
        _, complaints = process.communicate(timeout=patience(120))
    assert process.returncode == 0
    assert f"{kept} of 40 names are done already" in complaints
    assert runs.deployed.here() == runs.deployed.exotel() == dict.fromkeys(names, "active")
