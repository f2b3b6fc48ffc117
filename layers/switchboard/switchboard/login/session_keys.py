"""The session keys: the current one signs; after a rotation the previous one verifies for one session lifetime."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from switchboard.aws.secrets import FAILURE_SECONDS, FRESH_SECONDS, RENEW_SECONDS, json_object, read_once
from switchboard.foundation.aged_value import AgedValue, Fetched
from switchboard.foundation.clock import Clock
from switchboard.foundation.errors import AwsError, NotConfiguredError

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient

SHORTEST_KEY = 32  # bytes; RFC 7518 3.2: as long as the hash of HS256

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Key:
    id: str
    key: str
    made_at: float


type _Keys = tuple[_Key, _Key | None]  # the current one and the previous one


class SecretsManagerSessionKeys:
    """Implements SessionKeys. A key's id is its version id in Secrets Manager."""

    def __init__(self, client: SecretsManagerClient, arn: str, session_hours: int, clock: Clock) -> None:
        self._client = client
        self._arn = arn
        self._lifetime = session_hours * 3600
        self._clock = clock
        self._held: AgedValue[_Keys | None] = AgedValue(clock, FAILURE_SECONDS)

    def signing(self) -> tuple[str, str]:
        """Return the current key's id and the key. Raises NotConfiguredError if the secret is empty."""
        current, _ = self._keys(FRESH_SECONDS)
        return current.id, current.key

    def verifying(self, key_id: str) -> str | None:
        """Return the key with that id. For an unknown id the secret is read again, since the key may be new."""
        for max_age in (FRESH_SECONDS, RENEW_SECONDS):
            current, previous = self._keys(max_age)
            if key_id == current.id:
                return current.key
            if previous and key_id == previous.id:
                return previous.key if self._clock() < current.made_at + self._lifetime else None
        return None

    def _keys(self, max_age: float) -> _Keys:
        keys = self._held.get(self._fetch, max_age)
        if keys is None:
            reason = f'the session secret must be {{"key": text of {SHORTEST_KEY} bytes or more}}'
            raise NotConfiguredError("not_configured", f"{reason}: rotate it, see docs/deploy.md")
        return keys

    def _fetch(self) -> Fetched[_Keys | None]:
        """Read both keys. While they cannot be read, the cached ones are used; else no user could send a request."""
        try:
            current, previous = self._read("AWSCURRENT"), self._read("AWSPREVIOUS")
        except AwsError as error:
            _log.warning("the session keys could not be read, cached ones are used if any: %s", type(error).__name__)
            raise
        return read_once((current, previous) if current else None)

    def _read(self, stage: Literal["AWSCURRENT", "AWSPREVIOUS"]) -> _Key | None:
        try:
            answer = self._client.get_secret_value(SecretId=self._arn, VersionStage=stage)
        except self._client.exceptions.ResourceNotFoundException:
            return None
        key = (json_object(answer) or {}).get("key")
        if not isinstance(key, str) or len(key.encode(errors="replace")) < SHORTEST_KEY:
            return None  # anybody could sign with an empty or short key
        return _Key(answer["VersionId"], key, cast("float", answer["CreatedDate"]))  # epoch seconds, as on the wire
