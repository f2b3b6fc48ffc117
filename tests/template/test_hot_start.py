"""Dial Whom and the push webhook: spared cold starts if wanted, and updated with a way back."""

from typing import Any

import pytest

from tests.sam_template import load, resources

TEMPLATE = load()
HOT = ("DialWhomFunction", "AcceptPushFunction")
FUNCTIONS = resources("AWS::Serverless::Function")
ALARMS = resources("AWS::CloudWatch::Alarm")


def chosen(value: Any, **parameters: str) -> Any:
    """What a value of the template comes to under these parameters, as the transforms and CloudFormation see it."""
    rest: Any
    if not isinstance(value, dict):
        return value
    name, rest = next(iter(value.items())) if len(value) == 1 else ("", value)
    match name:
        case "Ref":
            return parameters.get(rest, rest)
        case "Fn::FindInMap":
            table, key, column = (chosen(part, **parameters) for part in rest)
            return TEMPLATE["Mappings"][table][key][column]
        case "Fn::If":
            left, right = TEMPLATE["Conditions"][rest[0]]["Fn::Equals"]
            return chosen(rest[1 if chosen(left, **parameters) == right else 2], **parameters)
        case _:
            return {key: chosen(inner, **parameters) for key, inner in value.items()}


@pytest.mark.parametrize("function", HOT)
@pytest.mark.parametrize(
    ("hot_start", "snapshots", "provisioned"),
    [
        ("none", "None", "AWS::NoValue"),
        ("snapstart", "PublishedVersions", "AWS::NoValue"),
        ("provisioned", "None", {"ProvisionedConcurrentExecutions": "3"}),
    ],
)
def test_hot_start_is_one_of_the_two_or_neither(
    function: str, hot_start: str, snapshots: str, provisioned: object
) -> None:
    parameters = {"HotStart": hot_start, "ProvisionedConcurrency": "3"}
    assert chosen(FUNCTIONS[function]["SnapStart"], **parameters) == {"ApplyOn": snapshots}
    assert chosen(FUNCTIONS[function]["ProvisionedConcurrencyConfig"], **parameters) == provisioned


def test_every_allowed_value_of_hot_start_is_mapped() -> None:
    assert list(TEMPLATE["Mappings"]["HotStarts"]) == TEMPLATE["Parameters"]["HotStart"]["AllowedValues"]
    assert list(TEMPLATE["Mappings"]["Rollouts"]) == TEMPLATE["Parameters"]["Rollout"]["AllowedValues"]


def test_only_the_hot_functions_are_called_by_an_alias() -> None:
    assert {
        name: one["AutoPublishAlias"] for name, one in FUNCTIONS.items() if "AutoPublishAlias" in one
    } == dict.fromkeys(HOT, "live")


@pytest.mark.parametrize(("rollout", "gradual"), [("AllAtOnce", "false"), ("Canary10Percent5Minutes", "true")])
@pytest.mark.parametrize("function", HOT)
def test_a_gradual_rollout_goes_back_when_an_alarm_of_that_function_goes_off(
    function: str, rollout: str, gradual: str
) -> None:
    preference = FUNCTIONS[function]["DeploymentPreference"]
    assert chosen(preference["Enabled"], Rollout=rollout) == gradual
    assert chosen(preference["Type"], Rollout=rollout) == rollout
    condition, alarms_of_all, _ = preference["Alarms"]["Fn::If"]
    assert condition == {"DialWhomFunction": "WatchesAll", "AcceptPushFunction": "WatchesPushCrashes"}[function]
    alarms = [ALARMS[alarm["Ref"]] for alarm in alarms_of_all]
    service = {"Name": "service", "Value": FUNCTIONS[function]["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"]}
    of_its_own = [
        one for one in alarms if one["Dimensions"][0] in (service, {"Name": "FunctionName", "Value": {"Ref": function}})
    ]
    assert of_its_own == alarms
    # a defect is answered with 500 and is no error to Lambda, a timeout or a failing start is one
    assert {"ServerError", "Errors"} <= {alarm["MetricName"] for alarm in alarms}


@pytest.mark.parametrize("function", HOT)
def test_the_alarms_of_lambda_watch_what_callers_are_answered_by(function: str) -> None:
    own = [
        alarm["Dimensions"]
        for alarm in ALARMS.values()
        if alarm["Namespace"] == "AWS/Lambda" and alarm["Dimensions"][0]["Value"] == {"Ref": function}
    ]
    assert len(own) == 2
    assert all({"Name": "Resource", "Value": {"Fn::Sub": f"${{{function}}}:live"}} in dimensions for dimensions in own)


def test_a_gradual_rollout_watches_only_alarms_that_there_are() -> None:
    watched = {function: FUNCTIONS[function]["DeploymentPreference"]["Alarms"]["Fn::If"] for function in HOT}
    for condition, some, others in watched.values():
        conditions = [TEMPLATE["Resources"][alarm["Ref"]].get("Condition") for alarm in some]
        assert set(conditions) <= {None, condition}
        assert [TEMPLATE["Resources"][alarm["Ref"]].get("Condition") for alarm in others] == [None] * len(others)
    gradual = {"Fn::Not": [{"Fn::Equals": [{"Ref": "Rollout"}, "AllAtOnce"]}]}
    assert TEMPLATE["Conditions"]["WatchesPushCrashes"] == {"Fn::Or": [{"Condition": "WatchesAll"}, gradual]}
