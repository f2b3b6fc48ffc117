"""JSON secrets in Secrets Manager, cached."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from switchboard.domain.errors import NotConfiguredError

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient
    from types_boto3_secretsmanager.type_defs import GetSecretValueResponseTypeDef

    from switchboard.ports.clock import Clock

FRESH_SECONDS = 300  # how long a value serves without being read again
RENEW_SECONDS = 5  # the least time between two readings, so that wrong credentials cannot make us hammer the service

_log = logging.getLogger(__name__)


class SecretsManagerSecret:
    """One secret: a JSON object that `switchboard setup` fills."""

    def __init__(self, client: SecretsManagerClient, arn: str, clock: Clock) -> None:
        self._client = client
        self._arn = arn
        self._clock = clock
        self._value: Mapping[str, Any] | None = None
        self._read_at = float("-inf")

    def value(self) -> Mapping[str, Any]:
        """Return the secret. Raises NotConfiguredError while it is empty; botocore's errors when it cannot be read."""
        return self._read(FRESH_SECONDS if self._value is not None else RENEW_SECONDS)

    def renewed(self) -> Mapping[str, Any]:
        """Return the secret as it is now, or as it was up to RENEW_SECONDS ago."""
        return self._read(RENEW_SECONDS)

    def _read(self, max_age: float) -> Mapping[str, Any]:
        now = self._clock()
        if now - self._read_at >= max_age:
            self._renew()
            self._read_at = now
        if not self._value:
            _log.error("%s is empty or no JSON object: run `switchboard setup`", self._arn)
            raise NotConfiguredError("not_configured", "a secret is empty: the operator has to run `switchboard setup`")
        return self._value

    def _renew(self) -> None:
        try:
            self._value = self._fetch()
        except (BotoCoreError, ClientError) as error:
            if not self._value:
                raise
            _log.warning("a secret could not be read again, so the earlier value serves: %s", type(error).__name__)

    def _fetch(self) -> Mapping[str, Any] | None:
        try:
            return json_object(self._client.get_secret_value(SecretId=self._arn))
        except self._client.exceptions.ResourceNotFoundException:
            return None  # created by the template, never filled


def json_object(answer: GetSecretValueResponseTypeDef) -> Mapping[str, Any] | None:
    """Return the JSON object that a secret holds, or None for one that holds anything else, bytes for example."""
    try:
        value = json.loads(answer.get("SecretString", ""))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
