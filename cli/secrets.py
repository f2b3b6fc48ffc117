"""The stack's three secrets, read as one value; only changed secrets are written."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3

from cli.aws import explained
from cli.configuration import Configuration
from cli.errors import OperatorError
from cli.stack import Stack

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient

_OUTPUTS = {"webhook": "WebhookSecretArn", "accounts": "AccountsSecretArn", "push": "PushSecretArn"}


@dataclass(frozen=True)
class SecretRead:
    """Implements the adapters' Secret, by one that was read already."""

    content: Mapping[str, Any]

    def value(self) -> Mapping[str, Any]:
        """Return it."""
        return self.content

    renewed = value


@dataclass(frozen=True)
class Stored:
    """The secrets' content; `versions` shows whether somebody else has written since."""

    configuration: Configuration
    versions: Mapping[str, str | None]


class Secrets:
    """The secrets of one stack."""

    def __init__(self, session: boto3.Session, stack: Stack) -> None:
        self._client: SecretsManagerClient = session.client("secretsmanager")
        self._arns = {name: stack.outputs[output] for name, output in _OUTPUTS.items()}

    def read(self) -> Stored:
        """Return their content; a secret that was never filled is an empty object. Raises OperatorError."""
        found = {name: self._read(name) for name in self._arns}
        values = {name: value for name, (value, _) in found.items()}
        return Stored(Configuration(**values), {name: version for name, (_, version) in found.items()})

    def write(self, stored: Stored, wanted: Configuration) -> None:
        """Write the secrets in which `wanted` differs. Raises OperatorError, also if they changed since `stored`."""
        if self.read().versions != stored.versions:
            raise OperatorError(
                "somebody else has changed the secrets meanwhile, so nothing was written: run this again"
            )
        for name, arn in self._arns.items():
            value = getattr(wanted, name)
            if value != getattr(stored.configuration, name):
                with explained():
                    self._client.put_secret_value(SecretId=arn, SecretString=json.dumps(value))

    def _read(self, name: str) -> tuple[dict[str, Any], str | None]:
        with explained():
            try:
                found = self._client.get_secret_value(SecretId=self._arns[name])
            except self._client.exceptions.ResourceNotFoundException:
                return {}, None  # created by the template, never filled
        try:
            value = json.loads(found.get("SecretString") or "{}")  # the emulator answers "" for an empty one
        except ValueError:
            value = None
        if not isinstance(value, dict) or not _shaped(name, value):
            raise OperatorError(f"the secret {self._arns[name]} has an unexpected content: fix or empty it by hand")
        return value, found["VersionId"]


_APPS = ("fcm", "apns")


def _shaped(name: str, value: Mapping[str, Any]) -> bool:
    """Return whether all entries that must be JSON objects are objects."""
    match name:
        case "webhook":
            entries = list(value.values())
        case "accounts":
            accounts = value.get("accounts", {})
            entries = [accounts, *accounts.values()] if isinstance(accounts, dict) else [None]
        case _:
            own = value.get("accounts", {})
            holders = [value, *own.values()] if isinstance(own, dict) else [None]
            entries = [*holders, *(one.get(app) or {} for one in holders if isinstance(one, dict) for app in _APPS)]
    return all(isinstance(entry, dict) for entry in entries)
