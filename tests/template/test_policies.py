"""Every policy of the template: its actions, resources and principals; each wildcard is listed here with its reason."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.sam_template import load, resources

TEMPLATE = load()
FUNCTIONS = resources("AWS::Serverless::Function")
WITHOUT = {"RefuseUnknownFunction"}  # may only log, since anybody can call it
# (function, action, resource) with a wildcard -> the reason
WILDCARDS = {
    ("ManageDevicesFunction", "s3:PutObject", "${LogBucket.Arn}/uploads/*"): "each upload gets a name of its own",
    ("IngestReportsFunction", "s3:PutObject", "${LogBucket.Arn}/logs/*"): "each batch of lines gets a name of its own",
    ("UnpackLogsFunction", "s3:GetObject", "${LogBucket.Arn}/uploads/*"): "whatever a phone has put there",
    ("UnpackLogsFunction", "s3:DeleteObject", "${LogBucket.Arn}/uploads/*"): "whatever a phone has put there",
    ("UnpackLogsFunction", "s3:PutObject", "${LogBucket.Arn}/logs/*"): "it keeps the upload's name",
    ("UnpackLogsFunction", "s3:PutObject", "${LogBucket.Arn}/rejected/*"): "it keeps the upload's name",
    ("UnpackLogsFunction", "s3:PutObject", "${LogBucket.Arn}/taken/*"): "it keeps the upload's name",
    ("UnpackLogsFunction", "s3:GetObject", "${LogBucket.Arn}/taken/*"): "it keeps the upload's name",
    **{
        (
            "EraseSubscribersFunction",
            "s3:DeleteObject",
            f"${{LogBucket.Arn}}/{folder}/*",
        ): "whatever is a deleted user's"
        for folder in ("uploads", "logs", "rejected", "taken")
    },
}
POLICIES = {"AWS::SQS::QueuePolicy", "AWS::S3::BucketPolicy"}  # besides those of functions
# What SAM attaches to a polled function is AWS's own managed policy, for any queue or stream:
# tests/stack/test_iam.py names them.
POLLED = {
    "DeliverPushFunction": {"SQS"},
    "UnpackLogsFunction": {"SQS"},
    "RecordCallFunction": {"SQS", "DynamoDB"},
    "EraseSubscribersFunction": {"DynamoDB"},
}


def branches(statement: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a statement, or each branch of a conditional one that grants something."""
    for one in statement["Fn::If"][1:] if "Fn::If" in statement else [statement]:
        if one != {"Ref": "AWS::NoValue"}:
            yield one


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def granted() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, function in FUNCTIONS.items():
        for policy in function["Policies"]:
            for statement in policy["Statement"]:
                yield from ((name, one) for one in branches(statement))


GRANTED = list(granted())


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_granted_nothing_but_by_its_own_statements(name: str) -> None:
    function = FUNCTIONS[name]
    assert not {"Role", "ManagedPolicyArns", "AssumeRolePolicyDocument", "FunctionUrlConfig"} & set(function)
    if name in WITHOUT:
        assert function["Policies"] == []
        return
    assert [set(policy) for policy in function["Policies"]] == [{"Statement"}]  # no name of a ready-made policy
    assert function["Policies"][0]["Statement"]


@pytest.mark.parametrize(("name", "statement"), GRANTED)
def test_a_statement_allows_named_actions_of_one_service_on_named_resources(
    name: str, statement: dict[str, Any]
) -> None:
    assert set(statement) - {"Condition"} == {"Effect", "Action", "Resource"}  # no NotAction, no NotResource
    assert statement["Effect"] == "Allow"
    actions = listed(statement["Action"])
    assert not [action for action in actions if "*" in action or "?" in action]
    assert len({action.partition(":")[0] for action in actions}) == 1
    for resource in listed(statement["Resource"]):
        assert isinstance(resource, dict), "an ARN by hand"
        assert set(resource) <= {"Ref", "Fn::GetAtt", "Fn::Sub"}


def test_the_wildcards_are_those_that_are_known() -> None:
    found = {
        (name, action, resource["Fn::Sub"])
        for name, statement in GRANTED
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
        if "*" in json.dumps(resource)
    }
    assert found == set(WILDCARDS)


def test_the_bucket_is_listed_only_where_uploads_lie() -> None:
    conditions = [s["Condition"] for _, s in GRANTED if "s3:ListBucket" in listed(s["Action"])]
    folders = ["uploads/*", "logs/*", "rejected/*", "taken/*"]  # for erase_subscribers; uploads/ for unpack_logs
    assert conditions == [{"StringLike": {"s3:prefix": prefix}} for prefix in (folders, "uploads/*")]


def test_nothing_else_in_the_template_grants_anything() -> None:
    kinds = {resource["Type"] for resource in TEMPLATE["Resources"].values()}
    assert {kind for kind in kinds if "Policy" in kind or "::IAM::" in kind or "Permission" in kind} == POLICIES


def test_no_other_origins_web_page_may_read_an_answer() -> None:
    assert [name for name, api in resources("AWS::Serverless::HttpApi").items() if "CorsConfiguration" in api] == []


def statements_of_resources() -> list[dict[str, Any]]:
    policies = [policy for kind in POLICIES for policy in resources(kind).values()]
    return [one for policy in policies for one in policy["PolicyDocument"]["Statement"]]


def test_the_policies_of_resources_let_in_s3_of_this_account_and_else_only_deny() -> None:
    statements = statements_of_resources()
    allowing = [one for one in statements if one["Effect"] == "Allow"]
    assert [one["Principal"] for one in allowing] == [{"Service": "s3.amazonaws.com"}]
    assert allowing[0]["Action"] == "sqs:SendMessage"
    assert allowing[0]["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    assert {one["Effect"] for one in statements} == {"Allow", "Deny"}


@pytest.mark.parametrize("denied", [one for one in statements_of_resources() if one["Effect"] == "Deny"])
def test_what_is_denied_is_every_action_without_tls_but_in_the_emulator(denied: dict[str, Any]) -> None:
    assert denied["Sid"] == "OnlyOverTls"
    assert (denied["Principal"], denied["Action"]) in [("*", "s3:*"), ("*", "sqs:*")]
    assert denied["Condition"]["Bool"] == {"aws:SecureTransport": False}
    but = dict(denied["Condition"]["StringNotEquals"])  # only AWS's own services set a source account
    assert but.pop("aws:SourceAccount", None) in (None, {"Ref": "AWS::AccountId"})
    assert but == {"aws:PrincipalAccount": "000000000000"}


def test_the_bucket_and_every_queue_take_nothing_without_tls() -> None:
    (bucket,) = resources("AWS::S3::BucketPolicy").values()
    denied = bucket["PolicyDocument"]["Statement"][0]
    assert denied["Resource"] == [{"Fn::GetAtt": ["LogBucket", "Arn"]}, {"Fn::Sub": "${LogBucket.Arn}/*"}]
    covered = [queue["Ref"] for policy in resources("AWS::SQS::QueuePolicy").values() for queue in policy["Queues"]]
    assert sorted(covered) == sorted(resources("AWS::SQS::Queue"))  # each by one policy: it has but one
    for policy in resources("AWS::SQS::QueuePolicy").values():
        assert "Deny" in {one["Effect"] for one in policy["PolicyDocument"]["Statement"]}


def test_only_alarms_of_this_stack_may_use_the_key_of_their_topic() -> None:
    (topic,) = resources("AWS::SNS::Topic").values()
    assert topic["KmsMasterKeyId"] == {"Fn::If": ["EncryptsAlarms", {"Ref": "AlarmKey"}, {"Ref": "AWS::NoValue"}]}
    (key,) = resources("AWS::KMS::Key").values()
    owner, alarms = key["KeyPolicy"]["Statement"]
    assert owner["Principal"] == {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}}
    assert alarms["Principal"] == {"Service": "cloudwatch.amazonaws.com"}  # without it alarms fail, and nobody hears
    assert alarms["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"]
    assert alarms["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    assert alarms["Condition"]["ArnLike"]["aws:SourceArn"]["Fn::Sub"].endswith(":alarm:${AWS::StackName}-*")


def test_the_functions_that_lambda_polls_for_are_known() -> None:
    polled = {
        name: {event["Type"] for event in function["Events"].values()} - {"HttpApi"}
        for name, function in FUNCTIONS.items()
    }
    assert {name: kinds for name, kinds in polled.items() if kinds} == POLLED
