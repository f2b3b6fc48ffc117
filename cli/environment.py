"""`switchboard env`: the functions' environments, as `sam local invoke --env-vars` reads them."""

from collections.abc import Mapping
from urllib.parse import urlsplit

import boto3

from cli.aws import explained
from cli.stack import Stack

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def environments(session: boto3.Session, stack: Stack) -> dict[str, Mapping[str, str]]:
    """Return each function's variables by its logical id: names and ARNs, no secrets. Raises OperatorError."""
    functions = session.client("lambda")
    with explained():
        pages = session.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack.name)
        resources = [resource for page in pages for resource in page["StackResourceSummaries"]]
        return {
            one["LogicalResourceId"]: functions.get_function_configuration(FunctionName=one["PhysicalResourceId"])[
                "Environment"
            ]["Variables"]
            for one in resources
            if one["ResourceType"] == "AWS::Lambda::Function"
        }


def for_containers(variables: Mapping[str, Mapping[str, str]], endpoint: str | None) -> dict[str, Mapping[str, str]]:
    """Add the AWS endpoint, if one is set, under the host name by which a container reaches this machine."""
    if not endpoint:
        return dict(variables)
    host = urlsplit(endpoint).hostname or ""
    reachable = endpoint.replace(host, "host.docker.internal", 1) if host in _LOOPBACK else endpoint
    return {**variables, "Parameters": {"AWS_ENDPOINT_URL": reachable}}
