"""Files around the code: workflows, issue forms, the check of commit subjects."""

import json
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.sam_template import ROOT

CHECK = ROOT / ".github" / "check-subjects.sh"


def checked(message: str, folder: Path) -> subprocess.CompletedProcess[str]:
    file = folder / "message"
    file.write_text(message, encoding="utf-8")
    return subprocess.run([CHECK, file], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("subject", ["Refuse an empty name", "A" * 72, 'Revert "refuse an empty name."', "fixup! x"])
def test_a_good_subject_passes(subject: str, tmp_path: Path) -> None:
    assert checked(f"{subject}\n\nThe body may be as long as it needs to be. {'x' * 200}\n", tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("A" * 73, "73 characters, at most 72"),
        ("refuse an empty name", "start with a capital"),
        ("Refuse an empty name.", "end without a full stop"),
    ],
)
def test_a_bad_subject_is_refused_with_the_reason(subject: str, said: str, tmp_path: Path) -> None:
    refused = checked(f"{subject}\n", tmp_path)
    assert refused.returncode == 1
    assert said in refused.stderr
    assert subject in refused.stderr


def test_pre_commit_and_the_workflow_check_subjects_with_the_same_script() -> None:
    hooks = [
        hook
        for repo in yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
        for hook in repo["hooks"]
    ]
    assert [hook["stages"] for hook in hooks if hook["entry"] == ".github/check-subjects.sh"] == [["commit-msg"]]
    jobs = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text())["jobs"]
    assert any(".github/check-subjects.sh" in step.get("run", "") for step in jobs["commits"]["steps"])


def test_what_the_workflows_make_are_targets_of_the_makefile() -> None:
    targets = {line.split(":")[0] for line in (ROOT / "Makefile").read_text().splitlines() if ":" in line}
    made = [
        step["run"].split()[1]
        for file in (ROOT / ".github/workflows").glob("*.yml")
        for job in yaml.safe_load(file.read_text())["jobs"].values()
        for step in job["steps"]
        if step.get("run", "").startswith("make ")
    ]
    assert {"test", "tools", "audit"} <= set(made)
    assert set(made) <= targets


@pytest.mark.parametrize("form", sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml")), ids=lambda form: form.stem)
def test_each_issue_form_asks_and_warns_of_secrets(form: Path) -> None:
    content = yaml.safe_load(form.read_text())
    if form.stem == "config":
        assert content["blank_issues_enabled"] is False
        return
    assert {"name", "description", "body"} <= set(content)
    assert len({part["id"] for part in content["body"] if "id" in part}) == len(
        [p for p in content["body"] if "id" in p]
    )
    assert any(part.get("validations", {}).get("required") for part in content["body"])


def test_the_devcontainer_has_the_python_that_the_project_names() -> None:
    folder = ROOT / ".devcontainer"
    assert json.loads((folder / "devcontainer.json").read_text())["postCreateCommand"] == "make tools"
    assert f"FROM python:{(ROOT / '.python-version').read_text().strip()}-" in (folder / "Dockerfile").read_text()
