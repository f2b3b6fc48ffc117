"""Mutants: change the package in one place at a time, and list the changes that no test notices.

    .venv/bin/python -m make.mutants [--count 60] [--seed 9]

works in a copy of the repository's files. A mutant first meets the unit and contract tests of its own room, then all
tests but those of the deployed stack, then these; what fails first kills it. Prints one line for each mutant, then a
table.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from make.mutations import ROOT, Mutant, sample

LONGEST_SECONDS = 1800.0  # a mutant that makes a test hang for so long counts as noticed


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


def killer(mutant: Mutant, tree: Path) -> str:
    """Return which tests of the copy notice this mutant: `room`, `others`, `stack`, or an empty text if none does."""
    source = (tree / mutant.path).read_bytes()
    (tree / mutant.path).write_bytes(mutant.apply(source))
    try:
        return next((tests for tests, command in stages(mutant.room) if not succeeds(command, tree)), "")
    finally:
        (tree / mutant.path).write_bytes(source)


def stages(room: str) -> Iterator[tuple[str, str]]:
    """Yield names of tests with the commands that run them, the quickest first."""
    pytest = '.venv/bin/pytest -q -x -p no:cacheprovider -m "not long"'
    own = [f"tests/{kind}/{room}" for kind in ("unit", "contract") if Path(ROOT, "tests", kind, room).is_dir()]
    yield "room", f"{pytest} {' '.join(own)}"
    yield "others", f"make build-host && {pytest} -n auto --dist loadgroup --ignore tests/stack"
    yield "stack", f"{pytest} -n auto --dist loadgroup tests/stack"


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
    killers: dict[str, Counter[str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        tree = copied(Path(folder))
        for mutant in sample(chosen.count, chosen.seed):
            by = killer(mutant, tree) or "survived"
            killers.setdefault(mutant.room, Counter())[by] += 1
            print(f"{by:8}  {mutant.path}:{mutant.line}  {mutant.was!r} -> {mutant.becomes!r}", flush=True)
    for room, counted in killers.items():
        print(f"{room:14}" + "  ".join(f"{by} {counted[by]}" for by in ("room", "others", "stack", "survived")))
    sys.exit(any(counted["survived"] for counted in killers.values()))


if __name__ == "__main__":
    main()
