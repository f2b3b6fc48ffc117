"""A deployed stack and its outputs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.exceptions import ClientError

from cli.aws import explained
from cli.errors import OperatorError

NEEDED = ("ApiBase", "WebhookSecretArn", "AccountsSecretArn", "PushSecretArn")


@dataclass(frozen=True)
class Stack:
    """A Switchboard stack by name; `outputs` are the template's."""

    name: str
    region: str
    outputs: Mapping[str, str]


def find(session: boto3.Session, name: str) -> Stack:
    """Return the stack of that name. Raises OperatorError if there is none, or if it is not Switchboard's."""
    with explained():
        found = _describe(session, name)
    outputs = {one["OutputKey"]: one["OutputValue"] for one in found.get("Outputs", [])}
    missing = [output for output in NEEDED if output not in outputs]
    if missing:
        raise OperatorError(
            f"the stack {name} ({found['StackStatus']}) has no output {', '.join(missing)}: "
            "is it a Switchboard stack, and did its deployment succeed?"
        )
    return Stack(name, session.region_name, outputs)


def _describe(session: boto3.Session, name: str) -> Mapping[str, Any]:
    try:
        return session.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if "does not exist" not in error.response["Error"].get("Message", ""):
            raise
        raise OperatorError(
            f"there is no stack {name} in {session.region_name}: deploy it with `make deploy`, "
            "or choose another --region or --profile"
        ) from error
