"""Our signatures beside those that AWS publishes in its test suite."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

import pytest

from switchboard.aws.credentials import Credentials
from switchboard.aws.signing import Scope, encoded_query, signed_headers

SUITE = json.loads((Path(__file__).parents[2] / "vectors" / "aws_signature_v4.json").read_text(encoding="utf-8"))
SET_BY_THE_SIGNER = ("x-amz-date", "x-amz-security-token")


def headers_of(head: str) -> dict[str, str]:
    """Return the headers as a client holds them: without line folds, with a repeated one's values joined."""
    found: dict[str, str] = {}
    for line in head.replace("\n ", " ").splitlines():
        name, _, value = line.partition(":")
        found[name.lower()] = f"{found[name.lower()]},{value}" if name.lower() in found else value
    return found


@pytest.mark.parametrize("case", SUITE["cases"], ids=lambda case: case["name"])
def test_a_request_has_the_signature_that_aws_publishes(case: dict[str, Any]) -> None:
    head, _, body = case["request"].partition("\n\n")
    first, _, lines = head.partition("\n")
    method, target = first.removesuffix(" HTTP/1.1").split(" ", 1)
    path, _, query = target.partition("?")
    headers = headers_of(lines)
    credentials = Credentials(SUITE["access_key"], SUITE["secret_key"], case["session_token"])
    at = datetime.strptime(headers["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)

    signed = signed_headers(
        method,
        quote(path, safe="/-_.~"),
        {name: value for name, value in headers.items() if name not in SET_BY_THE_SIGNER},
        sha256(body.encode()).hexdigest(),
        query=encoded_query(dict(parse_qsl(query, keep_blank_values=True))),
        credentials=credentials,
        scope=Scope(SUITE["region"], SUITE["service"]),
        at=at.timestamp(),
    )

    assert signed["authorization"] == case["authorization"]
