"""Environment variables are resolved as CloudFormation would, and what is not understood is refused."""

import pytest

from benchmarks.handlers.intrinsics import Resolver

TEMPLATE = {
    "Conditions": {
        "InChina": {"Fn::Equals": [{"Ref": "AWS::Partition"}, "aws-cn"]},
        "Elsewhere": {"Fn::Not": [{"Condition": "InChina"}]},
        "Both": {"Fn::And": [{"Condition": "InChina"}, {"Condition": "Elsewhere"}]},
        "Either": {"Fn::Or": [{"Condition": "InChina"}, {"Condition": "Elsewhere"}]},
    }
}
resolve = Resolver(TEMPLATE, {"CallsTable": "calls"})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", "plain"),
        (30, "30"),
        ({"Ref": "CallsTable"}, "calls"),
        ({"Fn::GetAtt": ["CallsTable", "Arn"]}, "calls"),
        ({"Fn::If": ["InChina", "", {"Ref": "CallsTable"}]}, "calls"),
        ({"Fn::If": ["Elsewhere", "yes", "no"]}, "yes"),
        ({"Fn::If": ["Both", "yes", "no"]}, "no"),
        ({"Fn::If": ["Either", "yes", "no"]}, "yes"),
    ],
)
def test_a_value_is_what_cloudformation_makes_of_it(value: object, text: str) -> None:
    assert resolve(value) == text


@pytest.mark.parametrize("value", [{"Ref": "Nothing"}, {"Fn::ImportValue": "other"}, {"Fn::If": ["No", "", ""]}])
def test_an_unknown_reference_is_an_error(value: object) -> None:
    with pytest.raises(KeyError):
        resolve(value)
