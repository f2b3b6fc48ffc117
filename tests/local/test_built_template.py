"""What is taken out of the built template for the emulator, and that nothing else is."""

import copy
from pathlib import Path
from typing import Any

import pytest

from local.deployment.built_template import read_built_template, strip_codedeploy
from local.errors import LocalStackError
from tests.sam_template import load

FUNCTION = {"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": "a", "AutoPublishAlias": "live"}}
TEMPLATE: dict[str, Any] = {
    "Globals": {"Function": {"Timeout": 3}},
    "Resources": {
        "A": FUNCTION,
        "Table": {"Type": "AWS::DynamoDB::Table", "Properties": {"DeploymentPreference": 1}},
    },
    "Outputs": {"X": {"Value": "y"}},
}


def test_a_template_without_codedeploy_stays_as_it_is() -> None:
    template = copy.deepcopy(TEMPLATE)
    assert strip_codedeploy(template) == []
    assert template == TEMPLATE


def test_codedeploy_is_taken_out_and_nothing_else() -> None:
    template = copy.deepcopy(TEMPLATE)
    template["Resources"]["A"]["Properties"]["DeploymentPreference"] = {"Enabled": False}
    assert strip_codedeploy(template) == ["Resources.A.Properties.DeploymentPreference"]
    assert template == TEMPLATE


def test_a_missing_build_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(LocalStackError, match="make build-host"):
        read_built_template(tmp_path / "template.yaml")
    (tmp_path / "empty.yaml").write_text("")
    with pytest.raises(LocalStackError, match="make build-host"):
        read_built_template(tmp_path / "empty.yaml")


def test_the_product_is_deployed_without_codedeploy_and_otherwise_whole() -> None:
    built, deployed = copy.deepcopy(load()), copy.deepcopy(load())
    removed = strip_codedeploy(deployed)
    assert removed == [
        f"Resources.{name}.Properties.DeploymentPreference" for name in ("DialWhomFunction", "AcceptPushFunction")
    ]
    for name in ("DialWhomFunction", "AcceptPushFunction"):
        del built["Resources"][name]["Properties"]["DeploymentPreference"]
    assert deployed == built
