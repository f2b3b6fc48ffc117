"""Our signatures beside botocore's, for requests and URLs made up at random."""

import datetime
import random
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

import pytest
from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as OfBotocore

from switchboard.aws.credentials import Credentials
from switchboard.aws.signing import Scope, encoded_query, signed_headers, signed_query

REQUESTS = 2_000
AT = 1_700_000_000
TEXT = "abcXYZ019-_.~ !*'()+&=%/?#\"<>|\\^`{}[]@:;,$äß€日\U0001f600"


def text(chance: random.Random, most: int = 12, alphabet: str = TEXT) -> str:
    return "".join(chance.choice(alphabet) for _ in range(chance.randint(1, most)))


def keys(chance: random.Random) -> Credentials:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabc0123456789+/="
    return Credentials(
        text(chance, 20, letters), text(chance, 40, letters), text(chance, 300, letters) * chance.randint(0, 1)
    )


def scope(chance: random.Random) -> Scope:
    regions = ("ap-south-1", "cn-north-1", "us-gov-west-1", "eu-central-2")
    return Scope(chance.choice(regions), chance.choice(("dynamodb", "sqs", "secretsmanager", "s3")))


@pytest.fixture(autouse=True)
def fixed_time() -> Iterator[None]:
    """Let botocore's signers find it to be AT."""
    now = datetime.datetime.fromtimestamp(AT, datetime.UTC)
    with patch.object(auth, "get_current_datetime", lambda remove_tzinfo=True: now.replace(tzinfo=None)):
        yield


def signed(signer: Any, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> AWSRequest:
    request = AWSRequest(method, url, headers=dict(headers), data=body)
    request.context["payload_signing_enabled"] = True
    signer.add_auth(request)
    return request


def of_botocore(given: Credentials) -> OfBotocore:
    return OfBotocore(given.access_key, given.secret_key, given.token or None)


def test_a_request_has_the_signature_that_botocore_gives_it() -> None:
    chance = random.Random(1)  # noqa: S311 - tests choose
    for _ in range(REQUESTS):
        given, of = keys(chance), scope(chance)
        in_s3 = of.service == "s3"
        method, host = chance.choice(("GET", "PUT", "POST", "DELETE")), f"{text(chance, 8, 'abc')}.amazonaws.com"
        body = text(chance, 200).encode()
        path = "/" + quote(text(chance), safe="/-_.~") if in_s3 else "/"
        query = encoded_query({text(chance): text(chance) for _ in range(chance.randint(0, 4) if in_s3 else 0)})
        hashed = sha256(body).hexdigest()
        headers = {"host": host, "content-type": "application/json"}
        headers |= {f"x-amz-{text(chance, 6, 'abcdef')}": text(chance, 20, "abc XYZ 019/;=") for _ in range(3)}
        headers |= {"x-amz-content-sha256": hashed} if in_s3 else {}
        signer = (auth.S3SigV4Auth if in_s3 else auth.SigV4Auth)(of_botocore(given), of.service, of.region)
        url = f"https://{host}{path}" + (f"?{query}" if query else "")
        theirs = signed(signer, method, url, headers, body).headers
        ours = signed_headers(method, path, headers, hashed, query=query, credentials=given, scope=of, at=AT)
        assert ours["authorization"] == theirs["Authorization"], (method, url, headers)
        assert ours["x-amz-date"] == theirs["X-Amz-Date"]
        assert ours.get("x-amz-security-token") == theirs.get("X-Amz-Security-Token")


def test_a_url_has_the_signature_that_botocore_gives_it() -> None:
    chance = random.Random(2)  # noqa: S311 - tests choose
    for _ in range(REQUESTS):
        given, of = keys(chance), Scope(scope(chance).region, "s3")
        host, seconds = f"bucket.s3.{of.region}.amazonaws.com", chance.randint(1, 604_800)
        path = "/" + quote(text(chance, 30), safe="/-_.~")
        signer = auth.S3SigV4QueryAuth(of_botocore(given), "s3", of.region, expires=seconds)
        theirs = str(signed(signer, "PUT", f"https://{host}{path}", {}).url)
        ours = signed_query("PUT", path, host, seconds=seconds, credentials=given, scope=of, at=AT)
        assert sorted(ours.split("&")) == sorted(theirs.partition("?")[2].split("&"))
