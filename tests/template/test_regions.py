"""The template in every region: which resources, properties and runtimes each has."""

import subprocess
from pathlib import Path

import pytest

from tests.sam_template import ROOT


@pytest.mark.long
def test_cfn_lint_finds_nothing_in_any_region() -> None:
    command: list[str | Path] = [
        ROOT / ".tools/sam/bin/cfn-lint",
        "--regions",
        "ALL_REGIONS",
        "--",
        ROOT / "template.yaml",
    ]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
