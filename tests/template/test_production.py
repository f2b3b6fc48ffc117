"""What Production=yes keeps and refuses, and that no spelling of Stage gets around it."""

from typing import Any

import pytest

from tests.sam_template import load

TEMPLATE = load()
RESOURCES: dict[str, dict[str, Any]] = TEMPLATE["Resources"]
DATA = {"AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SecretsManager::Secret"}
KEPT = {"Fn::If": ["IsProduction", "RetainExceptOnCreate", "Delete"]}


@pytest.mark.parametrize("name", [name for name, one in RESOURCES.items() if one["Type"] in DATA])
def test_what_holds_data_is_kept_in_production_and_goes_with_a_failed_first_create(name: str) -> None:
    assert RESOURCES[name]["DeletionPolicy"] == KEPT
    assert RESOURCES[name]["UpdateReplacePolicy"] == "Retain"


def test_nothing_else_is_kept() -> None:
    assert {one["Type"] for one in RESOURCES.values() if one.get("DeletionPolicy") == KEPT} == DATA


def test_production_is_a_parameter_and_no_name() -> None:
    assert TEMPLATE["Conditions"]["IsProduction"] == {"Fn::Equals": [{"Ref": "Production"}, "yes"]}
    named = [name for name, one in TEMPLATE["Conditions"].items() if '"Stage"' in str(one).replace("'", '"')]
    assert named == []
