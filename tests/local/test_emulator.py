"""The emulator ends with the process that started it, and its folders are removed."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from local.emulator.process import Emulator
from local.emulator.run_folder import run_folder, scratch_folder
from local.errors import LocalStackError
from local.stack import EMULATOR, ROOT
from tests.patience import patience

STARTER = """
import sys, time
from pathlib import Path
from local.emulator.process import Emulator
from local.stack import EMULATOR
home = Path(sys.argv[1])
with Emulator(EMULATOR, home, home) as emulator:
    print(emulator.url, flush=True)
    time.sleep(60)
"""


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_ministack/health", timeout=patience(1)) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def test_it_is_up_inside_and_gone_outside(tmp_path: Path) -> None:
    with Emulator(EMULATOR, tmp_path, tmp_path) as emulator:
        assert answers(emulator.url)
        assert emulator.url.startswith("http://127.0.0.1:")
    assert not answers(emulator.url)


def test_it_ends_when_its_starter_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", STARTER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as starter:
        assert starter.stdout
        url = starter.stdout.readline().strip()
        assert answers(url)
        starter.send_signal(signal.SIGKILL)
    ends = time.monotonic() + patience(10)
    while answers(url) and time.monotonic() < ends:
        time.sleep(0.05)
    assert not answers(url)


def test_a_missing_emulator_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(LocalStackError, match="make tools"), Emulator(tmp_path / "python", tmp_path, tmp_path):
        pass


def test_an_emulator_that_ends_at_once_is_an_error(tmp_path: Path) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    with pytest.raises(LocalStackError, match=r"emulator\.log"), Emulator(broken, tmp_path, tmp_path):
        pass


def test_a_run_removes_the_folders_of_dead_runs_only(tmp_path: Path) -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    gone, alive, other = tmp_path / f"run-{dead.pid}-x", tmp_path / f"run-{os.getpid()}-x", tmp_path / "notes"
    for folder in (gone, alive, other):
        folder.mkdir()
    mine = run_folder(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([alive, other, mine])


def test_a_scratch_folder_is_gone_afterwards(tmp_path: Path) -> None:
    with scratch_folder(tmp_path) as scratch:
        (scratch / "file").write_text("x")
    assert not scratch.exists()
