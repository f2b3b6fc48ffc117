"""The target of a command: a stack on AWS with the operator's credentials, or the local stack of `make run`."""

import json
import os
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import boto3

from cli import aws, stack
from cli.errors import OperatorError
from cli.secrets import Secrets
from cli.stack import Stack

_PATIENCE_SECONDS = 5.0


@dataclass(frozen=True)
class Target:
    """A deployed Switchboard: `stack` has its outputs, `session` makes clients for everything else."""

    session: boto3.Session
    stack: Stack

    @cached_property
    def resources(self) -> Mapping[str, str]:
        """Physical ids by logical id: names of tables and functions, URLs of queues. Raises OperatorError."""
        with aws.explained():
            pages = (
                self.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=self.stack.name)
            )
            found = [resource for page in pages for resource in page["StackResourceSummaries"]]
        return {one["LogicalResourceId"]: one.get("PhysicalResourceId", "") for one in found}

    @cached_property
    def secrets(self) -> Secrets:
        """The stack's secrets."""
        return Secrets(self.session, self.stack)

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3's own, which has no common type
        """Return a client of an AWS service."""
        return self.session.client(service)  # type: ignore[call-overload]

    def resource(self, logical_id: str) -> str:
        """Return a resource's physical id. Raises OperatorError where the stack has none."""
        found = self.resources.get(logical_id)
        if not found:
            raise OperatorError(
                f"the stack {self.stack.name} has no {logical_id}: was it deployed from this version? Run `make deploy`"
            )
        return found

    @property
    def is_local(self) -> bool:
        """Whether it is the local stack, whose credentials are public."""
        return isinstance(self.session, _LocalSession)

    @property
    def endpoint(self) -> str | None:
        """The URL of its AWS endpoint, None for AWS's own."""
        return self.session.endpoint if isinstance(self.session, _LocalSession) else os.environ.get("AWS_ENDPOINT_URL")

    @cached_property
    def accounts(self) -> Sequence[str]:
        """The SIDs of the Exotel accounts that are set up. Raises OperatorError."""
        return self.secrets.read().configuration.sids

    def account(self, wanted: str | None) -> str:
        """Return the Exotel account to work on: the one that is wanted, or the only one. Raises OperatorError."""
        known = self.accounts
        if wanted and wanted not in known:
            raise OperatorError(f"the account {wanted} is not set up here; there is {_listed(known)}")
        if wanted is None and len(known) != 1:
            raise OperatorError(f"which account? Give --account SID: there is {_listed(known)}")
        return wanted or known[0]


def choose(stack_name: str, *, local: bool, profile: str | None, region: str | None) -> Target:
    """Return the target that the options name. Raises OperatorError if it cannot be reached."""
    if local:
        return _local(os.environ)
    session = aws.session(profile, region)
    return Target(session, stack.find(session, stack_name))


def _local(environment: Mapping[str, str]) -> Target:
    host, port = environment.get("HOST") or "127.0.0.1", environment.get("PORT") or "3000"
    base = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}"  # noqa: S104 - compared, not bound
    about = _about(base)
    session = _LocalSession(about)
    found = stack.find(session, about["stack"])
    return Target(session, replace(found, outputs={**found.outputs, "ApiBase": f"{base}/v1"}))


def _about(base: str) -> Mapping[str, str]:
    try:
        with urllib.request.urlopen(f"{base}/_sim/aws", timeout=_PATIENCE_SECONDS) as answer:  # noqa: S310 - http
            found: Mapping[str, str] = json.load(answer)
            return found
    except (OSError, ValueError) as error:
        raise OperatorError(
            f"no local stack answers at {base} ({error}): start it with `make run`, with the same PORT as here"
        ) from error


class _LocalSession(boto3.Session):
    """A session whose clients all use the emulator, whatever the environment variables are."""

    def __init__(self, about: Mapping[str, str]) -> None:
        super().__init__(
            aws_access_key_id=about["access_key_id"],
            aws_secret_access_key=about["secret_access_key"],
            region_name=about["region"],
        )
        self.endpoint = about["endpoint"]

    def client(self, service_name: str, **options: Any) -> Any:  # type: ignore[override] # noqa: ANN401 - see above
        return super().client(service_name, **({"endpoint_url": self.endpoint} | options))  # type: ignore[call-overload]


def _listed(accounts: Sequence[str]) -> str:
    return ", ".join(accounts) or "none yet: run `switchboard setup`"
