"""The services' hosts, beside those that botocore finds."""

import boto3
import pytest
from botocore.session import Session

from switchboard.aws.endpoints import endpoint
from switchboard.aws.objects import Place

PARTITIONS = ("aws", "aws-cn", "aws-us-gov")
SERVICES = ("dynamodb", "sqs", "secretsmanager")
REGIONS = [region for partition in PARTITIONS for region in Session().get_available_regions("dynamodb", partition)]


@pytest.fixture(autouse=True)
def nothing_given(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ENDPOINT_URL", *(f"AWS_ENDPOINT_URL_{name}" for name in ("DYNAMODB", "SQS", "SECRETS_MANAGER"))):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def session() -> boto3.Session:
    return boto3.Session("a", "b")


def test_they_are_botocores_in_every_region(monkeypatch: pytest.MonkeyPatch, session: boto3.Session) -> None:
    assert len(REGIONS) > 30
    for region in REGIONS:
        monkeypatch.setenv("AWS_REGION", region)
        for service in SERVICES:
            theirs = session.client(service, region_name=region).meta.endpoint_url  # type: ignore[call-overload]
            assert endpoint(service) == theirs


@pytest.mark.parametrize("region", ["us-east-1", "ap-south-1", "cn-north-1", "us-gov-west-1"])
def test_a_bucket_has_its_own_regional_host(monkeypatch: pytest.MonkeyPatch, region: str) -> None:
    monkeypatch.setenv("AWS_REGION", region)
    assert Place.of("logs", None).url.startswith(f"https://logs.s3.{region}.amazonaws.com")
    assert Place.of("logs", None).url.endswith(".cn") == region.startswith("cn-")


def test_the_environment_may_name_another_for_one_service_or_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "ap-south-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566/")
    monkeypatch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://127.0.0.1:4567")
    assert [endpoint(service) for service in SERVICES] == ["http://127.0.0.1:4566"] * 2 + ["http://127.0.0.1:4567"]
