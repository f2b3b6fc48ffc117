"""Lambda takes 4 KB of environment for a function: each function's, with everything in it as long as it can be."""

import json
from typing import Any

import pytest

from tests.sam_template import load, resources

TEMPLATE = load()
FUNCTIONS = resources("AWS::Serverless::Function")
SHARED = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]
MOST_BYTES = 4096
LONGEST_STACK = 128  # characters of a stack's name
REGION = "cn-northwest-1"  # none is longer
GENERATED = f"{'s' * LONGEST_STACK}-{{name}}-{'x' * 13}"  # the longest name that CloudFormation makes up
AT_MOST = {  # what !Ref gives, by type, at its longest; {name} is the logical id
    "AWS::DynamoDB::Table": GENERATED,
    "AWS::S3::Bucket": "b" * 63,
    "AWS::SQS::Queue": f"https://sqs.{REGION}.amazonaws.com.cn/{'1' * 12}/{'q' * 80}",
}
SECRET_ARN = f"arn:aws-us-gov:secretsmanager:{REGION}:{'1' * 12}:secret:{GENERATED}-{'x' * 6}"


def longest(value: Any) -> str:
    """Return the longest text that a variable's value can become."""
    match value:
        case {"Ref": name}:
            return of_parameter(name) if name in TEMPLATE["Parameters"] else of_resource(name)
        case {"Fn::GetAtt": [name, "Id"]}:  # a secret's ARN
            assert TEMPLATE["Resources"][name]["Type"] == "AWS::SecretsManager::Secret"
            return SECRET_ARN.format(name=name)
        case {"Fn::If": [_, *branches]}:
            return max((longest(one) for one in branches if one != {"Ref": "AWS::NoValue"}), key=len)
        case _:
            assert not isinstance(value, dict), value
            return str(value)


def of_parameter(name: str) -> str:
    """Return a parameter's longest value; one without a bound fails."""
    parameter = TEMPLATE["Parameters"][name]
    if "AllowedValues" in parameter:
        return max(map(str, parameter["AllowedValues"]), key=len)
    if parameter["Type"] == "Number":
        assert "MaxValue" in parameter, f"{name} has no MaxValue"
        return str(parameter["MaxValue"])
    assert "MaxLength" in parameter, f"{name} has no MaxLength"
    return "x" * parameter["MaxLength"]


def of_resource(name: str) -> str:
    return AT_MOST[TEMPLATE["Resources"][name]["Type"]].format(name=name)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_environment_at_its_longest_fits(name: str) -> None:
    variables = {key: longest(value) for key, value in (SHARED | FUNCTIONS[name]["Environment"]["Variables"]).items()}
    assert len(json.dumps(variables).encode()) <= MOST_BYTES  # with the quotes, whether Lambda counts them or not


def test_a_hundred_networks_fit_into_exotel_addresses() -> None:
    assert len(",".join(["255.255.255.0/24"] * 100)) <= TEMPLATE["Parameters"]["ExotelAddresses"]["MaxLength"]
