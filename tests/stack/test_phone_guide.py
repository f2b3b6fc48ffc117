"""docs/guides/ring-a-real-phone.md: each command that needs nothing but this machine is run as it stands there."""

import os
import re
import subprocess
import sys

import pytest

from tests.patience import patience
from tests.sam_template import ROOT
from tests.stack.conftest import Api

GUIDE = (ROOT / "docs" / "guides" / "ring-a-real-phone.md").read_text(encoding="utf-8")
BLOCKS = [
    (outside == " outside", re.sub(rf"^{indent}", "", text, flags=re.MULTILINE))
    for indent, outside, text in re.findall(r"^( *)```sh( outside)?\n(.*?)^ *```$", GUIDE, re.MULTILINE | re.DOTALL)
]
HERE = [text for outside, text in BLOCKS if not outside]
# a block whose commands an earlier one has too: `make test` runs them there
AGAIN = {
    number
    for number, text in enumerate(HERE)
    if any(set(text.split("\n")) <= set(earlier.split("\n")) for earlier in HERE[:number])
}


def run(script: str, port: int) -> subprocess.CompletedProcess[str]:
    """Run a block of the guide with this clone's Python and the stack's port."""
    script = script.replace("127.0.0.1:3000", f"127.0.0.1:{port}")
    script = script.replace(".venv/bin/switchboard", f"{sys.executable} -m cli")
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=ROOT,
        env=os.environ | {"PORT": str(port), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=patience(60),
    )


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_every_block_is_one_that_bash_can_parse(number: int) -> None:
    script = BLOCKS[number][1].replace("<this repository>", "repository")
    subprocess.run(["bash", "-n", "-c", script], check=True, timeout=patience(5))


@pytest.mark.parametrize(
    "number", [pytest.param(one, marks=[pytest.mark.long] * (one in AGAIN)) for one in range(len(HERE))]
)
def test_what_needs_only_this_machine_works_as_it_is_written(allowing: Api, number: int) -> None:
    ran = run(HERE[number], allowing.stack.port)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    if "_sim/calls" in HERE[number]:
        assert '"outcome": "ringing"' in ran.stdout
    if "dialtonumber" in HERE[number]:
        assert "sip:bob" in ran.stdout


def test_the_guide_has_as_many_local_blocks_as_steps_that_can_be_tried() -> None:
    assert (len(HERE), len(BLOCKS) - len(HERE)) == (6, 6)
