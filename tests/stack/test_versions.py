"""Deployments after an alias was moved by hand, and after a rollback.

The emulator has no CodeDeploy, so the last step of a gradual rollout is not tried here.
"""

from typing import Any

import boto3
import pytest

from cli.doctor.findings import Finding
from cli.doctor.version_checks import versions
from cli.stack import Stack
from cli.target import Target
from local.deployment.aws import Aws
from local.emulator.process import REGION
from tests.stack.small_stacks import SmallStack

ROLE = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": []}}}


def version(**more: str) -> dict[str, Any]:
    """As SAM makes it: kept when the stack no longer has it."""
    return {
        "Type": "AWS::Lambda::Version",
        "DeletionPolicy": "Retain",
        "Properties": {"FunctionName": {"Ref": "HotFunction"}},
        **more,
    }


def template(code: str, **more: Any) -> dict[str, Any]:
    """A function with the alias `live`, by the logical ids that SAM gives; other code is another version."""
    function = {
        "Runtime": "python3.13",
        "Handler": "index.handler",
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Code": {"ZipFile": f"handler = print  # {code}"},
    }
    alias = {
        "Name": "live",
        "FunctionName": {"Ref": "HotFunction"},
        "FunctionVersion": {"Fn::GetAtt": [f"HotFunctionVersion{code}", "Version"]},
    }
    return {
        "Resources": {
            "Role": ROLE,
            "HotFunction": {"Type": "AWS::Lambda::Function", "Properties": function},
            f"HotFunctionVersion{code}": version(),
            "HotFunctionAliaslive": {"Type": "AWS::Lambda::Alias", "Properties": alias},
            **more,
        }
    }


class Deployed(SmallStack):
    """The small stack, with what an operator does to its function."""

    @property
    def function(self) -> str:
        return self.resources()["HotFunction"]

    @property
    def client(self) -> Any:
        return self.aws.session.client("lambda", endpoint_url=self.aws.endpoint)

    def live(self) -> tuple[str, Any]:
        alias = self.client.get_alias(FunctionName=self.function, Name="live")
        return alias["FunctionVersion"], alias.get("RoutingConfig")

    def told(self) -> Finding:
        """What the doctor says."""
        (found,) = versions(Target(boto3.Session(), Stack(self.name, REGION, {})))
        return found


@pytest.fixture
def stack(aws: Aws, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Deployed:
    for name, value in aws.environment().items():
        monkeypatch.setenv(name, value)
    made = Deployed(aws, request.node.name.replace("_", "-")[:60])
    assert made.create(template("a")) == "CREATE_COMPLETE"
    assert made.live() == ("1", None)
    assert made.told().seen == "live is version 1, the newest"
    return made


def test_an_alias_moved_by_hand_is_reported_and_moved_by_the_next_deployment(stack: Deployed) -> None:
    assert stack.update(template("b")) == "UPDATE_COMPLETE"
    stack.client.update_alias(FunctionName=stack.function, Name="live", FunctionVersion="1")
    assert "it was moved by hand" in stack.told().seen
    assert stack.update(template("c")) == "UPDATE_COMPLETE"
    assert stack.live() == ("3", None)


def test_weights_left_by_a_stopped_rollout_are_reported_and_can_be_removed(stack: Deployed) -> None:
    assert stack.update(template("b")) == "UPDATE_COMPLETE"
    weights = {"AdditionalVersionWeights": {"1": 0.1}}
    stack.client.update_alias(FunctionName=stack.function, Name="live", RoutingConfig=weights)
    assert "10% of calls to version 1" in stack.told().seen
    none: dict[str, Any] = {"AdditionalVersionWeights": {}}
    stack.client.update_alias(FunctionName=stack.function, Name="live", RoutingConfig=none)
    assert stack.told().state == "fine"


def test_a_version_of_a_rolled_back_deployment_is_reported_until_it_is_deleted(stack: Deployed) -> None:
    refused = version(DependsOn="HotFunctionAliaslive")  # unchanged code makes no second version
    assert stack.update(template("b", Refused=refused)) == "UPDATE_ROLLBACK_COMPLETE"
    assert "A version for this Lambda function exists ( 2 )" in stack.reasons()
    assert stack.live()[0] == "1"
    assert stack.told().fix.endswith(
        f"`aws lambda delete-function --function-name {stack.function} --qualifier 2` first."
    )
    stack.client.delete_function(FunctionName=stack.function, Qualifier="2")
    assert stack.update(template("b")) == "UPDATE_COMPLETE"
    assert stack.live() == ("3", None)
    assert stack.told().state == "fine"
