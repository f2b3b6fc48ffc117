"""Mutants: change the package in one place at a time, and list the changes that no test notices.

    .venv/bin/python -m make.mutants [--count 60] [--seed 9]

works in a copy of the repository's files. All mutants first meet the tests of their own room. Those that survive meet
all tests of `make test` but those of the deployed stack, and at last these. What fails first kills a mutant. Prints one
line for each mutant, then a table.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from make.mutations import ROOT, Mutant, sample

PYTEST = '.venv/bin/pytest -q -x -p no:cacheprovider -m "not long"'
COMMANDS = {
    "others": f"make build-host && {PYTEST} -n auto --dist loadgroup --no-loadscope-reorder --ignore tests/stack",
    "stack": f"make build-host && {PYTEST} -n auto --dist loadgroup --no-loadscope-reorder tests/stack",
}
LONGEST_SECONDS = 1800.0  # a mutant that makes a test hang for so long counts as noticed

type Killers = dict[str, Counter[str]]


def copied(folder: Path) -> Path:
    """Copy the repository's files and what is built, and link to the tools."""
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S607
    for name in filter(None, tracked.stdout.split("\0")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    for linked in (".venv", ".tools", ".git"):
        (folder / linked).symlink_to(ROOT / linked)
    shutil.copytree(ROOT / ".aws-sam", folder / ".aws-sam", symlinks=True)
    return folder


def room_command(room: str) -> str:
    """Return what runs the tests of a room's own folders."""
    own = [f"tests/{kind}/{room}" for kind in ("unit", "contract", "integration")]
    return f"{PYTEST} {' '.join(folder for folder in own if Path(ROOT, folder).is_dir())}"


def killed(mutant: Mutant, command: str, tree: Path) -> bool:
    """Return whether a command in the copy fails with this mutant."""
    source = (tree / mutant.path).read_bytes()
    (tree / mutant.path).write_bytes(mutant.apply(source))
    try:
        return not succeeds(command, tree)
    finally:
        (tree / mutant.path).write_bytes(source)


def survivors(tests: str, mutants: Sequence[tuple[Mutant, str]], tree: Path, killers: Killers) -> list[Mutant]:
    """Try each mutant with its command and count those that are killed; return the others.

    Exits where a command fails without a mutant, which would kill all.
    """
    for command in sorted({command for _, command in mutants}):
        if not succeeds(command, tree):
            sys.exit(f"fails without a mutant: {command}")
    left = []
    for mutant, command in mutants:
        if killed(mutant, command, tree):
            told(mutant, tests, killers)
        else:
            left.append(mutant)
    return left


def told(mutant: Mutant, by: str, killers: Killers) -> None:
    """Print and count what killed a mutant."""
    killers.setdefault(mutant.room, Counter())[by] += 1
    print(f"{by:8}  {mutant.path}:{mutant.line}  {mutant.was!r} -> {mutant.becomes!r}", flush=True)


def succeeds(command: str, tree: Path) -> bool:
    """Return whether the command succeeds in the time that it takes without a mutant, several times over."""
    with subprocess.Popen(command, shell=True, cwd=tree, stdout=-1, stderr=-2, start_new_session=True) as running:  # noqa: S602
        try:
            running.communicate(timeout=LONGEST_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
    return running.returncode == 0


def main() -> None:
    """Run the mutants; exit with 1 if one survives."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=9)
    chosen = parser.parse_args()
    killers: Killers = {}
    with tempfile.TemporaryDirectory() as folder:
        tree = copied(Path(folder))
        mutants = sample(chosen.count, chosen.seed)
        left = survivors("room", [(one, room_command(one.room)) for one in mutants], tree, killers)
        for tests, command in COMMANDS.items():
            left = survivors(tests, [(one, command) for one in left], tree, killers)
        for mutant in left:
            told(mutant, "survived", killers)
    for room, counted in killers.items():
        print(f"{room:14}" + "  ".join(f"{by} {counted[by]}" for by in ("room", *COMMANDS, "survived")))
    sys.exit(any(counted["survived"] for counted in killers.values()))


if __name__ == "__main__":
    main()
