"""Where ManageDevicesFunction sends phones to upload their logs, on moto."""

import json
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.integration.subscribers.deployment import ROUTES, Deployment, deployed, event


@pytest.fixture
def deployment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    with deployed(monkeypatch) as deployment:
        yield deployment


@pytest.mark.parametrize(("query", "platform"), [("platform=ios", "ios"), ("", "android"), ("platform=x", "android")])
def test_logs_go_to_the_buckets_own_regional_host(deployment: Deployment, query: str, platform: str) -> None:
    body = deployment.call(ROUTES[3], query=query)
    url = urlsplit(body["logDestinationURL"])
    assert url.hostname == "logbucket.s3.ap-south-1.amazonaws.com"
    assert url.path == f"/uploads/demo1m/alice/{platform}/{body['logDestinationFileName']}"
    signed = parse_qs(url.query)
    assert (signed["X-Amz-SignedHeaders"], signed["X-Amz-Expires"]) == (["host"], ["900"])
    assert set(signed) - {"X-Amz-Security-Token"} == {f"X-Amz-{part}" for part in SIGNED}


def test_a_subscriber_gets_ten_addresses_an_hour(deployment: Deployment) -> None:
    session = deployment.session()
    codes = [deployment.call(ROUTES[3], session=session)["http_code"] for _ in range(22)]  # an hour may end in between
    assert (codes[:10], codes[-1]) == ([200] * 10, 429)
    assert deployment.call(ROUTES[3], name="bob", session=deployment.session("bob"))["http_code"] == 200


def test_too_many_requests_are_refused_with_a_retry_after(deployment: Deployment) -> None:
    answers = [deployment.app.handler(event(ROUTES[3]), None) for _ in range(21)]
    assert answers[-1]["statusCode"] == json.loads(answers[-1]["body"])["http_code"] == 429
    assert json.loads(answers[-1]["body"])["code"] == "too_many_requests"
    assert 1 <= int(answers[-1]["headers"]["Retry-After"]) <= 3600


def test_a_request_without_a_session_uses_up_no_upload_address(deployment: Deployment) -> None:
    for _ in range(21):
        deployment.call(ROUTES[3])
    assert deployment.call(ROUTES[3])["http_code"] == 429
    assert deployment.call(ROUTES[3], session=deployment.session())["http_code"] == 200


SIGNED = ("Algorithm", "Credential", "Date", "Expires", "Signature", "SignedHeaders")


def test_each_upload_has_a_name_of_its_own(deployment: Deployment) -> None:
    first, second = (deployment.call(ROUTES[3])["logDestinationFileName"] for _ in range(2))
    assert first != second


@pytest.mark.parametrize("region", ["us-east-1", "cn-north-1"])
def test_the_host_is_regional_everywhere(deployment: Deployment, region: str) -> None:
    deployment.set(AWS_REGION=region)
    host = urlsplit(deployment.app.bucket(None).upload_url("uploads/x", 60)).hostname
    assert host is not None
    assert host.startswith(f"logbucket.s3.{region}.amazonaws.com")


@pytest.mark.parametrize("variable", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"])
@pytest.mark.parametrize(
    ("headers", "base"),
    [
        ({"host": "192.168.1.20:3000", "x-forwarded-proto": ""}, "http://192.168.1.20:3000"),
        ({"x-forwarded-host": "phone.example", "x-forwarded-proto": "https"}, "https://phone.example"),
    ],
)
def test_an_object_store_elsewhere_is_reached_through_the_host_that_the_phone_uses(
    deployment: Deployment, variable: str, headers: dict[str, str], base: str
) -> None:
    deployment.app.build()  # their clients go to moto, not to the endpoint
    deployment.app.uploads("log uploads without a session")
    deployment.environment.setenv(variable, "http://127.0.0.1:4566")
    deployment.app.settings.cache_clear()
    url = deployment.call(ROUTES[3], headers=headers)["logDestinationURL"]
    assert url.startswith(f"{base}/logbucket/uploads/demo1m/alice/android/")


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=b", "application/zip"])
def test_both_apps_uploads_fit_the_address(deployment: Deployment, kind: str) -> None:
    s3 = deployment.stack.client("s3")
    url = deployment.call(ROUTES[3])["logDestinationURL"]
    assert requests.put(url, b"logs", headers={"Content-Type": kind}, timeout=5).status_code == 200
    key = urlsplit(url).path.lstrip("/")
    assert s3.head_object(Bucket="logbucket", Key=key)["ResponseMetadata"]["HTTPStatusCode"] == 200
