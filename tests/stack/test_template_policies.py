"""The template's rules and deletion policies, as the emulator applies them to a few of its resources."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.deployment.aws import Aws
from tests.sam_template import load
from tests.stack.small_stacks import SmallStack

TEMPLATE = load()
NAMES = ("SubscribersTable", "SessionSecret", "LogBucket")
# after the others were made; the second version of unchanged code is refused
FAILS: dict[str, Any] = {
    "Role": {
        "Type": "AWS::IAM::Role",
        "DependsOn": NAMES,
        "Properties": {"AssumeRolePolicyDocument": {"Statement": []}},
    },
    "Function": {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Runtime": "python3.13",
            "Handler": "index.handler",
            "Role": {"Fn::GetAtt": ["Role", "Arn"]},
            "Code": {"ZipFile": "handler = print"},
        },
    },
    "First": {"Type": "AWS::Lambda::Version", "Properties": {"FunctionName": {"Ref": "Function"}}},
    "Second": {
        "Type": "AWS::Lambda::Version",
        "DependsOn": "First",
        "Properties": {"FunctionName": {"Ref": "Function"}},
    },
}


def template(**more: Any) -> dict[str, Any]:
    """The template's parameters, rules and conditions, with a table, a secret and the bucket."""
    kept = {name: dict(TEMPLATE["Resources"][name]) for name in NAMES}
    kept["LogBucket"] = {key: kept["LogBucket"][key] for key in ("Type", "DeletionPolicy", "UpdateReplacePolicy")}
    return {part: TEMPLATE[part] for part in ("Parameters", "Rules", "Conditions")} | {"Resources": kept | more}


def left(aws: Aws) -> int:
    """How many tables, secrets and buckets there are."""
    dynamodb = aws.session.client("dynamodb", endpoint_url=aws.endpoint)
    counted = (dynamodb.list_tables()["TableNames"], aws.secrets.list_secrets()["SecretList"])
    return sum(len(found) for found in counted) + len(aws.s3.list_buckets()["Buckets"])


@pytest.mark.parametrize("stage", ["prod", "production", "prd", "live"])
def test_a_stage_that_sounds_like_production_must_be_production(aws: Aws, stage: str) -> None:
    with pytest.raises(ClientError, match="needs Production=yes"):
        SmallStack(aws, f"named-{stage}").create(template(), Stage=stage)


def test_stock_apps_are_refused_in_production_whatever_its_stage_is_called(aws: Aws) -> None:
    with pytest.raises(ClientError, match="refused with Production=yes"):
        SmallStack(aws, "stock").create(template(), Stage="blue", Production="yes", StockApps="allow")


def test_an_issuer_without_an_audience_is_refused(aws: Aws) -> None:
    with pytest.raises(ClientError, match="OidcIssuer needs OidcAudience"):
        SmallStack(aws, "issuer").create(template(), OidcIssuer="https://id.example.com")


@pytest.mark.parametrize(("production", "kept"), [("no", 0), ("yes", len(NAMES))])
def test_production_keeps_what_holds_data_when_the_stack_is_deleted(aws: Aws, production: str, kept: int) -> None:
    stack, before = SmallStack(aws, f"kept-{production}"), left(aws)
    assert stack.create(template(), Production=production) == "CREATE_COMPLETE"
    assert stack.delete() == "DELETE_COMPLETE"
    assert left(aws) - before == kept


@pytest.mark.parametrize("production", ["no", "yes"])
def test_a_failed_first_create_leaves_nothing(aws: Aws, production: str) -> None:
    stack, before = SmallStack(aws, f"failed-{production}"), left(aws)
    assert stack.create(template(**FAILS), Production=production) == "ROLLBACK_COMPLETE"
    assert left(aws) == before


@pytest.mark.parametrize(
    ("parameters", "keyed"),
    [
        ({}, False),
        ({"AlarmEmail": "a@example.com"}, False),
        ({"Production": "yes"}, False),
        ({"Production": "yes", "AlarmEmail": "a@example.com"}, True),
    ],
)
def test_alarms_have_a_paid_key_only_where_production_mails_them(
    aws: Aws, parameters: dict[str, str], keyed: bool
) -> None:
    stack = SmallStack(aws, "alarms" + "-".join(parameters))
    parts = {name: TEMPLATE["Resources"][name] for name in ("AlarmTopic", "AlarmKey")}
    assert stack.create(template() | {"Resources": parts}, **parameters) == "CREATE_COMPLETE"
    assert ("AlarmKey" in stack.resources()) == keyed
