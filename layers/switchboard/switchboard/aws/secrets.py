"""JSON secrets in Secrets Manager, cached."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from switchboard.foundation.aged_value import AgedValue, Fetched
from switchboard.foundation.errors import AwsError, NotConfiguredError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from types_boto3_secretsmanager import SecretsManagerClient
    from types_boto3_secretsmanager.type_defs import GetSecretValueResponseTypeDef

    from switchboard.foundation.clock import Clock

FRESH_SECONDS = 300  # how long a value is used before it is read again
RENEW_SECONDS = 5  # the minimum time between two reads, so that requests with wrong credentials do not cause one each
FAILURE_SECONDS = 0  # failures are not cached: if INIT cannot read the secret, the first request tries again

_log = logging.getLogger(__name__)


class SecretsManagerSecret:
    """One secret: a JSON object that `switchboard setup` fills."""

    def __init__(self, client: SecretsManagerClient, arn: str, clock: Clock) -> None:
        self._client = client
        self._arn = arn
        self._held: AgedValue[Mapping[str, Any] | None] = AgedValue(clock, FAILURE_SECONDS)

    def value(self) -> Mapping[str, Any]:
        """Return the secret. Raises NotConfiguredError while it is empty, AwsError if it cannot be read."""
        return self._read(FRESH_SECONDS)

    def renewed(self) -> Mapping[str, Any]:
        """Return the secret, read at most RENEW_SECONDS ago; while it cannot be read, the cached value."""
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
            return read_once(None)  # the template created it, `switchboard setup` has not filled it yet
        except AwsError as error:
            _log.warning("a secret could not be read, the cached value is used if any: %s", type(error).__name__)
            raise


def read_once[T](value: T) -> Fetched[T]:
    """Return the value with its cache times: a filled secret is used as long as no newer one can be read."""
    return Fetched(value, FRESH_SECONDS, float("inf")) if value else Fetched(value, RENEW_SECONDS)


def json_object(answer: GetSecretValueResponseTypeDef) -> Mapping[str, Any] | None:
    """Return the JSON object in a secret, or None if it contains anything else, such as bytes."""
    try:
        value = json.loads(answer.get("SecretString", ""))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
