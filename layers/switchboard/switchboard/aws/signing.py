"""AWS Signature Version 4 (IAM user guide, "Create a signed AWS API request")."""

from __future__ import annotations

import hmac
import re
import time
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import quote

from switchboard.aws.credentials import Credentials

UNSIGNED = "UNSIGNED-PAYLOAD"
_ALGORITHM = "AWS4-HMAC-SHA256"
_SPACES = re.compile(" +")


class Scope(NamedTuple):
    """What a signature is good for."""

    region: str
    service: str


def signed_headers(
    method: str,
    path: str,
    headers: Mapping[str, str],
    payload_hash: str,
    *,
    query: str = "",
    credentials: Credentials,
    scope: Scope,
    at: float,
) -> dict[str, str]:
    """Return the headers, which must have `host` and lower-case names, with those that sign the request.

    `path` and `query` are as they are sent: encoded, the query sorted. `at` is in epoch seconds.
    """
    stamp = _stamp(at)
    sent = {**headers, "x-amz-date": stamp}
    if credentials.token:
        sent["x-amz-security-token"] = credentials.token
    names = sorted(sent)
    lines = "".join(f"{name}:{_trimmed(sent[name])}\n" for name in names)
    request = f"{method}\n{path}\n{query}\n{lines}\n{';'.join(names)}\n{payload_hash}"
    signature = _signature(request, stamp, credentials, scope)
    named = f"Credential={credentials.access_key}/{_of_day(stamp, scope)}, SignedHeaders={';'.join(names)}"
    sent["authorization"] = f"{_ALGORITHM} {named}, Signature={signature}"
    return sent


def signed_query(
    method: str, path: str, host: str, *, seconds: int, credentials: Credentials, scope: Scope, at: float
) -> str:
    """Return the query of a URL that permits this request for `seconds`; of its headers only `host` is signed."""
    stamp = _stamp(at)
    fields = {
        "X-Amz-Algorithm": _ALGORITHM,
        "X-Amz-Credential": f"{credentials.access_key}/{_of_day(stamp, scope)}",
        "X-Amz-Date": stamp,
        "X-Amz-Expires": str(seconds),
        "X-Amz-SignedHeaders": "host",
    }
    if credentials.token:
        fields["X-Amz-Security-Token"] = credentials.token
    query = encoded_query(fields)
    request = f"{method}\n{path}\n{query}\nhost:{host}\n\nhost\n{UNSIGNED}"
    return f"{query}&X-Amz-Signature={_signature(request, stamp, credentials, scope)}"


def encoded_query(fields: Mapping[str, str]) -> str:
    """Return the fields as a query, encoded and sorted as a signature needs them."""
    pairs = sorted((quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in fields.items())
    return "&".join(f"{name}={value}" for name, value in pairs)


def _signature(request: str, stamp: str, credentials: Credentials, scope: Scope) -> str:
    digest = sha256(request.encode()).hexdigest()
    text = f"{_ALGORITHM}\n{stamp}\n{_of_day(stamp, scope)}\n{digest}"
    return hmac.digest(_key(credentials.secret_key, stamp[:8], scope), text.encode(), "sha256").hex()


@lru_cache(maxsize=8)
def _key(secret_key: str, day: str, scope: Scope) -> bytes:
    """Return the key of a day, of which each service has one."""
    key = f"AWS4{secret_key}".encode()
    for part in (day, *scope, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def _of_day(stamp: str, scope: Scope) -> str:
    return f"{stamp[:8]}/{scope.region}/{scope.service}/aws4_request"


def _stamp(at: float) -> str:
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(at))


def _trimmed(value: str) -> str:
    return _SPACES.sub(" ", value.strip())
