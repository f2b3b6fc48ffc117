"""JSON secrets in Secrets Manager, cached."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from switchboard.foundation.aged_value import AgedValue, Fetched
from switchboard.foundation.errors import NotConfiguredError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from types_boto3_secretsmanager import SecretsManagerClient
    from types_boto3_secretsmanager.type_defs import GetSecretValueResponseTypeDef

    from switchboard.foundation.clock import Clock

FRESH_SECONDS = 300  # how long a value serves without being read again
RENEW_SECONDS = 5  # the least time between two readings, so that wrong credentials cannot make us hammer the service
FAILURE_SECONDS = 0  # what INIT could not read, the first request reads

_log = logging.getLogger(__name__)


class SecretsManagerSecret:
    """One secret: a JSON object that `switchboard setup` fills."""

    def __init__(self, client: SecretsManagerClient, arn: str, clock: Clock) -> None:
        self._client = client
        self._arn = arn
        self._held: AgedValue[Mapping[str, Any] | None] = AgedValue(clock, FAILURE_SECONDS)

    def value(self) -> Mapping[str, Any]:
        """Return the secret. Raises NotConfiguredError while it is empty; botocore's errors when it cannot be read."""
        return self._read(FRESH_SECONDS)

    def renewed(self) -> Mapping[str, Any]:
        """Return the secret as it was at most RENEW_SECONDS ago; the known one while it cannot be read."""
        return self._read(RENEW_SECONDS)

    def _read(self, max_age: float) -> Mapping[str, Any]:
        value = self._held.get(self._fetch, max_age)
        if not value:
            _log.error("%s is empty or no JSON object: run `switchboard setup`", self._arn)
            raise NotConfiguredError("not_configured", "a secret is empty: the operator has to run `switchboard setup`")
        return value

    def _fetch(self) -> Fetched[Mapping[str, Any] | None]:
        try:
            return read_once(json_object(self._client.get_secret_value(SecretId=self._arn)))
        except self._client.exceptions.ResourceNotFoundException:
            return read_once(None)  # created by the template, never filled
        except (BotoCoreError, ClientError) as error:
            _log.warning("a secret could not be read, an earlier value serves if known: %s", type(error).__name__)
            raise


def read_once[T](value: T) -> Fetched[T]:
    """Return for how long what was read serves: also while it cannot be read again, unless there was nothing."""
    return Fetched(value, FRESH_SECONDS, float("inf")) if value else Fetched(value, RENEW_SECONDS)


def json_object(answer: GetSecretValueResponseTypeDef) -> Mapping[str, Any] | None:
    """Return the JSON object that a secret holds, or None for one that holds anything else, bytes for example."""
    try:
        value = json.loads(answer.get("SecretString", ""))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
