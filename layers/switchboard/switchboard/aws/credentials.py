"""The function's credentials: from the environment, or with SnapStart from the endpoint that the environment names."""

from __future__ import annotations

import json
import os
import time
from functools import cache
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from switchboard.aws.errors import NoCredentialsError
from switchboard.foundation.aged_value import AgedValue, Fetched
from switchboard.foundation.clock import Clock

_EARLY_SECONDS = 900  # credentials are renewed this long before they expire, or after half of a shorter life
_LATEST_SECONDS = 10  # and never used later than this before
_ENDPOINT_SECONDS = 1.0  # it is on the same machine
_ENDPOINT = "AWS_CONTAINER_CREDENTIALS_FULL_URI"


class Credentials(NamedTuple):
    """Keys of AWS; `token` is empty for those of a user."""

    access_key: str
    secret_key: str
    token: str = ""


class CredentialSource:
    """Returns the credentials, renewed in time. Those of the environment live as long as the environment."""

    def __init__(self, clock: Clock = time.time) -> None:
        self._clock = clock
        self._held: AgedValue[Credentials] = AgedValue(clock)
        self._own = _of_environment()

    def get(self) -> Credentials:
        """Return credentials that are valid now. Raises NoCredentialsError."""
        return self._own or self._held.get(self._fetch)

    def _fetch(self) -> Fetched[Credentials]:
        try:
            said = _asked(os.environ[_ENDPOINT])
            from datetime import datetime  # noqa: PLC0415 - only here, and slow to import at a cold start

            rest = datetime.fromisoformat(said["Expiration"]).timestamp() - self._clock()
            found = Credentials(said["AccessKeyId"], said["SecretAccessKey"], said.get("Token", ""))
        except (OSError, HTTPException, ValueError, KeyError, TypeError) as fault:
            raise NoCredentialsError(f"no credentials: {type(fault).__name__}") from fault
        return Fetched(found, max(rest - _EARLY_SECONDS, rest / 2), rest - _LATEST_SECONDS)


def _of_environment() -> Credentials | None:
    given = os.environ.get
    if given(_ENDPOINT) or not given("AWS_ACCESS_KEY_ID"):
        return None
    return Credentials(
        os.environ["AWS_ACCESS_KEY_ID"], given("AWS_SECRET_ACCESS_KEY", ""), given("AWS_SESSION_TOKEN", "")
    )


def _asked(uri: str) -> dict[str, str]:
    """Return what the endpoint says; it is asked twice at most."""
    where = urlsplit(uri)
    for last in (False, True):
        connection = HTTPConnection(where.hostname or "", where.port, timeout=_ENDPOINT_SECONDS)
        try:
            connection.request("GET", where.path + (f"?{where.query}" if where.query else ""), headers=_authorization())
            answer = connection.getresponse()
            if answer.status != 200:
                raise HTTPException(f"status {answer.status}")
            said: dict[str, str] = json.loads(answer.read())
        except (OSError, HTTPException, ValueError):
            if last:
                raise
        else:
            return said
        finally:
            connection.close()
    raise AssertionError("the last try returns or raises")


def _authorization() -> dict[str, str]:
    file = os.environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")
    token = Path(file).read_text() if file else os.environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN", "")
    return {"Authorization": token} if token else {}


@cache
def credentials() -> CredentialSource:
    """Return the one source, which all clients share. After a restore from a snapshot a new one has to be made."""
    return CredentialSource()
