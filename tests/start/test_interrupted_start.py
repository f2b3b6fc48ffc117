"""Ctrl-C while `make run` starts, at each of its stages; then it is run again."""

import subprocess
from pathlib import Path

import pytest

from local.emulator.run_folder import MEMORY
from tests.start.clone import BUILT, FETCHED, cloned
from tests.start.terminal import STOPPED, Sign, Terminal, left_running, made

FETCHING: dict[str, Sign] = {
    "uv's environment": made(".tools/uv/pyvenv.cfg"),
    "uv": made(".tools/uv/lib/python*/site-packages/uv*"),
    "the packages of .venv": made(".venv/pyvenv.cfg"),
    "SAM": made(".tools/sam/pyvenv.cfg"),
    "the emulator": made(".tools/emulator/pyvenv.cfg"),
    "the build": "building for this machine",
    "the build of a function": made(".aws-sam/host.*/build/*/app.py"),
}
STARTING: dict[str, Sign] = {
    "the emulator's start": made(".local/run-*/emulator.log"),
    "the deployment": "emulator http://",
    "the seeding": "deployed ",
    "the demo call": "demo seeded",
    "serving": "ready http://",
}


QUICK = ("the emulator's start", "serving")  # the first of them and the last; the others only in `make test-all`


def interrupted(folder: Path, sign: Sign) -> None:
    with Terminal(folder) as run:
        run.until(sign)
        status = run.interrupt()
    assert status == 130, run.output
    assert run.lines[-1] == STOPPED
    assert run.lines.count(STOPPED) == 1
    assert not any("Traceback" in line or line.startswith("make") for line in run.lines), run.output
    assert left_running(folder) == []
    pids = [run.name.split("-")[1] for run in folder.glob(".local/run-*")]
    assert [left for pid in pids for left in MEMORY.glob(f"switchboard-{pid}-*")] == []


@pytest.mark.long
def test_a_first_run_in_a_path_with_spaces_is_interrupted_at_each_stage_and_goes_on(tmp_path: Path) -> None:
    clone = cloned(tmp_path / "a b" / "switch board")
    for sign in (FETCHING | STARTING).values():
        interrupted(clone, sign)
    for command in ([".venv/bin/switchboard", "--help"], [".venv/bin/pytest", "-q", "tests/unit/exotel"]):
        subprocess.run(command, cwd=clone, check=True, stdout=subprocess.DEVNULL)


@pytest.mark.parametrize(
    "stage", [pytest.param(stage, marks=() if stage in QUICK else pytest.mark.long) for stage in STARTING]
)
def test_a_start_is_interrupted_and_leaves_nothing_behind(stage: str, tmp_path: Path) -> None:
    interrupted(cloned(tmp_path / "switchboard", *FETCHED, *BUILT), STARTING[stage])
