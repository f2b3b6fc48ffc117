"""What each function has called in AWS, from the emulator's CloudTrail, which records only what IAM has allowed."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from tests.sam_template import resources
from tests.stack.conftest import Api

# by which operations an action is asked for, where they have other names
OPERATIONS = {
    "SendMessage": ("SendMessage", "SendMessageBatch"),
    "ChangeMessageVisibility": ("ChangeMessageVisibility", "ChangeMessageVisibilityBatch"),
    "GetObject": ("GetObject", "HeadObject"),
    "ListBucket": ("ListBucket", "ListObjects", "ListObjectsV2"),
    **{action: (action, "TransactWriteItems") for action in ("DeleteItem", "PutItem", "UpdateItem")},
}


@dataclass(frozen=True)
class Grant:
    """One action of one statement of a function's role; `resource` is as in the template."""

    function: str
    number: int
    action: str
    resource: Mapping[str, Any]

    @property
    def target(self) -> tuple[str, str]:
        """The logical id of what it is granted on, and which part of that: an index, or where keys begin."""
        if "Fn::GetAtt" in self.resource:
            return self.resource["Fn::GetAtt"][0], ""
        name, _, part = self.resource["Fn::Sub"].removeprefix("${").partition(".Arn}/")
        return name, part.removeprefix("index/").removesuffix("*")


def grants() -> Iterator[Grant]:
    """Every action that the template grants to a function."""
    for name, function in resources("AWS::Serverless::Function").items():
        statements = [one for policy in function["Policies"] for one in policy["Statement"]]
        for number, statement in enumerate(statements):
            given = statement.get("Fn::If", [None, statement])[1]
            for action in [given["Action"]] if isinstance(given["Action"], str) else given["Action"]:
                yield Grant(name, number, action, given["Resource"])


def record(api: Api) -> None:
    """Have the emulator record calls from now on."""
    setting = {"cloudtrail._recording_enabled": "true"}
    assert httpx.post(f"{api.stack.aws.endpoint}/_ministack/config", json=setting).json()["applied"]


def called(api: Api, grant: Grant) -> bool:
    """Whether the function has made a call that needs the grant, among the last fifty of that operation."""
    action = grant.action.partition(":")[2]
    name, part = grant.target
    found = (
        event
        for key in _access_keys(api, grant.function)
        for operation in OPERATIONS.get(action, (action,))
        for event in _events(api, AccessKeyId=key, EventName=operation)
    )
    return any(_meets(event, action, api.stack.deployment.resources[name], part) for event in found)


def _meets(event: Mapping[str, Any], action: str, physical_id: str, part: str) -> bool:
    asked = json.loads(event["CloudTrailEvent"])["requestParameters"]
    if event["EventName"] == "TransactWriteItems":
        written = (one.get(action.removesuffix("Item"), {}) for one in asked["TransactItems"])
        return any(one.get("TableName") == physical_id for one in written)
    names = [one["ResourceName"] for one in event["Resources"]]
    if event["EventSource"] == "s3.amazonaws.com":
        return names[0] == physical_id and (not part or names[1].startswith(part))
    return physical_id in json.dumps([names, asked]) and asked.get("IndexName", "") == part


def _events(api: Api, **attributes: str) -> list[Mapping[str, Any]]:
    client = api.stack.aws.session.client("cloudtrail", endpoint_url=api.stack.aws.endpoint)
    looked_up: Any = [{"AttributeKey": key, "AttributeValue": value} for key, value in attributes.items()]
    found: Any = client.lookup_events(LookupAttributes=looked_up)
    return list(found["Events"])


def _access_keys(api: Api, function: str) -> Iterator[str]:
    """The access key that the emulator makes up for each version of a function, from its ARN and its role's."""
    client = api.stack.aws.session.client("lambda", endpoint_url=api.stack.aws.endpoint)
    name = api.stack.deployment.resources[function]
    for version in client.list_versions_by_function(FunctionName=name)["Versions"]:
        for arn in {version["FunctionArn"], version["FunctionArn"].removesuffix(":$LATEST")}:
            yield f"ASIA{hashlib.sha256(f'{arn}:{version["Role"]}'.encode()).hexdigest()[:16].upper()}"
